import { open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readEntry } from './read-entry.ts';
import { ArchiveRefused, readLimits } from './read-limits.ts';
import { unpackTar } from './read-tar.ts';
import { type ArchiveEntry, listZip } from './read-zip.ts';

/** An archive as its readers see it: names that are only looked up, and texts that are counted. */
export type OpenArchive = {
  kind: 'zip' | 'tar' | 'json' | 'csv';
  /** How the person called the file. */
  fileName: string;
  /** Names that nothing is wrong with, below the folder that everything lies in. */
  names: readonly string[];
  find(name: string): ArchiveEntry | null;
  /** The bytes of a text; all texts together are bounded. */
  text(entry: ArchiveEntry): AsyncIterable<Buffer>;
  /** Files that were passed over because of their names (T115). */
  odd: number;
};

const TEXTS = /\.(?:json|ndjson|csv)$/i;
const WANTED = /\.(?:json|ndjson|csv|jpe?g|png|webp|gif|avif|hei[cf]|html)$/i;
/** By these it is seen which folder everything lies in, if somebody packed the archive anew. */
const MARKS =
  /^(.*\/)?(?:tintype\/archive\.json|outbox\.json|pixelfed-statuses\.json|(?:your_instagram_activity|content|media)\/.+|media\.json)$/;

/**
 * Opens what somebody brought: ZIP, tar, gzipped tar, JSON or CSV, told by its first bytes. A tar is
 * unpacked into `scratch/store` first, at most `most` bytes of it.
 */
export async function openArchive(
  path: string,
  options: { scratch: string; fileName: string; most: number },
): Promise<OpenArchive> {
  const kind = await sniff(path);
  const { scratch, fileName, most } = options;
  const store = join(scratch, 'store');
  if (kind === 'zip') return makeArchive('zip', fileName, path, store, await listZip(path));
  if (kind === 'tar' || kind === 'gzip') {
    const wanted = (name: string) => WANTED.test(name) && !isOdd(name);
    const entries = await unpackTar(path, store, { gzip: kind === 'gzip', most, wanted });
    return makeArchive('tar', fileName, path, store, entries);
  }
  const { size } = await stat(path);
  const place = {
    in: 'raw',
    method: 0,
    offset: 0,
    compressed: size,
    bytes: size,
    crc: null,
  } as const;
  return makeArchive(kind, fileName, path, store, [{ name: basename(fileName), place }]);
}

function makeArchive(
  kind: OpenArchive['kind'],
  fileName: string,
  path: string,
  store: string,
  entries: readonly ArchiveEntry[],
): OpenArchive {
  const known = new Map<string, ArchiveEntry>();
  let odd = 0;
  for (const entry of entries) {
    if (kind !== 'json' && kind !== 'csv' && isOdd(entry.name)) odd += 1;
    else if (!known.has(entry.name)) known.set(entry.name, entry);
  }
  const root = findRoot(known.keys());
  const names = [...known.keys()].flatMap((name) =>
    name.startsWith(root) ? name.slice(root.length) : [],
  );
  let texts = 0;
  return {
    ...{ kind, fileName, names, odd },
    find: (name) => known.get(root + name) ?? null,
    text: async function* (entry) {
      if (kind !== 'json' && kind !== 'csv' && !TEXTS.test(entry.name)) {
        throw new ArchiveRefused('A list in this archive is no text.');
      }
      const from = entry.place.in === 'store' ? store : path;
      for await (const piece of readEntry(from, entry.place, readLimits.texts - texts)) {
        texts += piece.length;
        yield piece;
      }
    },
  };
}

/** The shortest path below which something lies that every archive of a kind has. */
function findRoot(names: Iterable<string>): string {
  let root: string | null = null;
  for (const name of names) {
    if (name.startsWith('__MACOSX/')) continue;
    const found = MARKS.exec(name);
    if (found === null) continue;
    const before = found[1] ?? '';
    const short =
      /^(?:.*\/)?(?=(?:your_instagram_activity|content|media)\/)/.exec(name)?.[0] ?? before;
    const folder = short.length < before.length ? short : before;
    if (root === null || folder.length < root.length) root = folder;
  }
  return root ?? '';
}

/** Names that mean a place outside, another thing on another system, or nothing that can be shown. */
function isOdd(name: string): boolean {
  if (name === '' || name.startsWith('/') || /[\\\p{Cc}]/u.test(name)) return true;
  return name
    .split('/')
    .some((part) => part === '' || part === '.' || part === '..' || /^[a-z]:$/i.test(part));
}

async function sniff(path: string): Promise<'zip' | 'tar' | 'gzip' | 'json' | 'csv'> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(512);
    const { bytesRead } = await file.read(head, 0, 512, 0);
    if (bytesRead === 0) throw new ArchiveRefused('This file is empty.');
    const magic = head.readUInt32BE(0);
    if (magic === 0x504b0304 || magic === 0x504b0506) return 'zip';
    if (magic >>> 16 === 0x1f8b) return 'gzip';
    if (head.toString('latin1', 257, 262) === 'ustar') return 'tar';
    const text = head
      .toString('utf8', 0, bytesRead)
      .replace(/^\uFEFF/, '')
      .trimStart();
    if (text.startsWith('[') || text.startsWith('{')) return 'json';
    if (head.subarray(0, bytesRead).includes(0)) {
      throw new ArchiveRefused(
        'This is no archive that can be read here: bring a ZIP, a tar.gz, a JSON or a CSV file.',
      );
    }
    return 'csv';
  } finally {
    await file.close();
  }
}
