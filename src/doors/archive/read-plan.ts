import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { entries } from './format.ts';
import type { ImportFormat, ImportItem, ListKind } from './import-item.ts';
import { importWords as words } from './import-words.ts';
import { type OpenArchive, openArchive } from './read-archive.ts';
import { readElements } from './read-elements.ts';
import { isInstagram, planInstagram, refusePages } from './read-instagram.ts';
import { ArchiveRefused, readLimits } from './read-limits.ts';
import { planAddresses, planCsv } from './read-lists.ts';
import { planMastodon } from './read-mastodon.ts';
import { planPixelfed } from './read-pixelfed.ts';
import { planTintype } from './read-tintype.ts';

/** What is to be planned, and by which rules. */
export type PlanRequest = {
  /** The file that was brought. */
  file: string;
  fileName: string;
  /** A folder for the plan and for what must be unpacked. */
  scratch: string;
  /** null: found out. */
  format: ImportFormat | null;
  list: ListKind | null;
  /** Bytes that may be unpacked. */
  most: number;
  /** Milliseconds since 1970, and the address of this server. */
  now: number;
  origin: string;
};

/** What was found, in numbers. */
export type PlanFound = {
  format: ImportFormat;
  items: number;
  photos: number;
  photoBytes: number;
  /** Servers that photos could be fetched from, with how many. */
  hosts: { host: string; photos: number }[];
  /** Files that were passed over because of their names. */
  odd: number;
};

/** Where the plan is written: a line of JSON for each item. */
export function planPath(scratch: string): string {
  return join(scratch, 'plan.ndjson');
}

/** Reads an archive and writes what would be done with it; memory does not grow with its size. */
export async function writePlan(request: PlanRequest): Promise<PlanFound> {
  const { scratch, fileName, most } = request;
  const archive = await openArchive(request.file, { scratch, fileName, most });
  const format = request.format ?? (await findFormat(archive));
  const found: PlanFound = {
    format,
    items: 0,
    photos: 0,
    photoBytes: 0,
    hosts: [],
    odd: archive.odd,
  };
  const hosts = new Map<string, number>();
  const out = await open(planPath(scratch), 'w', 0o600);
  try {
    const items = markMissing(planAll(archive, format, request));
    for await (const item of joinPieces(out, items)) {
      found.items += 1;
      if (item.kind !== 'post' || item.post === null || item.skip !== null) continue;
      for (const photo of item.post.photos) {
        found.photos += 1;
        found.photoBytes += photo.place === null ? 0 : photo.bytes;
        if (photo.url === null) continue;
        const { host } = new URL(photo.url);
        if (hosts.size < 50 || hosts.has(host)) hosts.set(host, (hosts.get(host) ?? 0) + 1);
      }
    }
    await out.sync();
  } finally {
    await out.close();
  }
  found.hosts = [...hosts].map(([host, photos]) => ({ host, photos }));
  found.hosts.sort((one, other) => other.photos - one.photos);
  if (found.items === 0)
    throw new ArchiveRefused('There is nothing in this file that can be taken.');
  return found;
}

/** What is said to have photos and has none of them is known before it is tried. */
async function* markMissing(items: AsyncGenerator<ImportItem>): AsyncGenerator<ImportItem> {
  for await (const item of items) {
    const photos = item.kind === 'post' && item.skip === null ? (item.post?.photos ?? []) : [];
    const missing = photos.filter(({ place, url }) => place === null && url === null).length;
    if (missing === 0) yield item;
    else if (missing === photos.length) yield { ...item, skip: words.missing };
    else yield { ...item, notes: [...item.notes, words.someMissing(missing, photos.length)] };
  }
}

/** Writes the lines of items as they pass, several at once. */
async function* joinPieces(
  out: FileHandle,
  items: AsyncGenerator<ImportItem>,
): AsyncGenerator<ImportItem> {
  let lines = '';
  let count = 0;
  for await (const item of items) {
    count += 1;
    if (count > readLimits.items) throw new ArchiveRefused(words.tooMany);
    lines += `${JSON.stringify(item)}\n`;
    yield item;
    if (lines.length < 500_000) continue;
    await out.appendFile(lines);
    lines = '';
  }
  await out.appendFile(lines);
}

function planAll(
  archive: OpenArchive,
  format: ImportFormat,
  { now, origin, list }: PlanRequest,
): AsyncGenerator<ImportItem> {
  switch (format) {
    case 'tintype':
      return planTintype(archive, now, origin);
    case 'mastodon':
      return planMastodon(archive, now);
    case 'pixelfed':
      return planPixelfed(archive, now);
    case 'instagram':
      return planInstagram(archive, now);
    case 'csv':
      return archive.kind === 'json' ? planAddresses(archive, list) : planCsv(archive, list);
  }
}

async function findFormat(archive: OpenArchive): Promise<ImportFormat> {
  if (archive.kind === 'csv') return 'csv';
  if (archive.kind === 'json') return await formatOfJson(archive);
  if (archive.find(entries.archive)) return 'tintype';
  if (archive.find('pixelfed-statuses.json')) return 'pixelfed';
  if (archive.find('outbox.json')) return 'mastodon';
  if (isInstagram(archive)) return 'instagram';
  refusePages(archive);
  throw new ArchiveRefused(
    'This is none of the archives that can be read here: Tintype, Pixelfed, Mastodon, Instagram (JSON) or a CSV list.',
  );
}

async function formatOfJson(archive: OpenArchive): Promise<ImportFormat> {
  const entry = archive.find(archive.names[0] ?? '');
  if (entry !== null) {
    for await (const { value } of readElements(archive.text(entry))) {
      return typeof value === 'string' ? 'csv' : 'pixelfed';
    }
  }
  throw new ArchiveRefused('There is nothing in this file that can be taken.');
}
