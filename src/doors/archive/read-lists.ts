import { parseCsv } from '#base/core/csv.ts';
import { normaliseDomain } from '#base/core/domains.ts';
import type { ImportItem, ListKind } from './import-item.ts';
import { importWords as words } from './import-words.ts';
import type { OpenArchive } from './read-archive.ts';
import { readElements } from './read-elements.ts';
import { ArchiveRefused } from './read-limits.ts';
import { asText } from './read-values.ts';

const MOST_BYTES = 20_000_000;
const LONGEST = 500;

type Row = { target: string; boosts?: boolean; notify?: boolean; notifications?: boolean };

/** What a list is of, by what stands at its top or by its name; null where both say nothing. */
function guessKind(header: readonly string[], fileName: string): ListKind | null {
  const top = header.join(',').toLowerCase();
  if (top.includes('show boosts')) return 'follow';
  if (top.includes('hide notifications')) return 'mute';
  const name = fileName.toLowerCase();
  if (name.includes('domain')) return 'domain';
  if (name.includes('bookmark')) return 'bookmark';
  if (name.includes('block')) return 'block';
  if (name.includes('mute')) return 'mute';
  if (name.includes('follow') && !name.includes('followers')) return 'follow';
  if (/^https?:\/\/[^/]+\/.*\d/.test(header[0] ?? '')) return 'bookmark';
  if (!(header[0] ?? '').includes('@') && normaliseDomain(header[0] ?? '') !== null)
    return 'domain';
  return null;
}

/** Plans a CSV list of Mastodon or Pixelfed, with or without a line of names at its top. */
export async function* planCsv(
  archive: OpenArchive,
  wanted: ListKind | null,
): AsyncGenerator<ImportItem> {
  const file = archive.find(archive.names[0] ?? '');
  if (file === null) return;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of archive.text(file)) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new ArchiveRefused('This list is too long.');
    pieces.push(Buffer.from(piece));
  }
  const rows = parseCsv(Buffer.concat(pieces).toString('utf8'));
  let columns: string[] | null = null;
  let kind: ListKind | null = wanted;
  for (const cells of rows) {
    if (columns === null) {
      kind ??= guessKind(cells, archive.fileName);
      if (kind === null) throw unknownList();
      columns = cells.map((cell) => cell.trim().toLowerCase());
      if (isHeader(columns)) continue;
      columns = [];
    }
    const item = kind === null ? null : planRow(kind, readRow(cells, columns));
    if (item !== null) yield item;
  }
}

/** Plans a JSON list of addresses of people, as Pixelfed exports them. */
export async function* planAddresses(
  archive: OpenArchive,
  wanted: ListKind | null,
): AsyncGenerator<ImportItem> {
  const file = archive.find(archive.names[0] ?? '');
  if (file === null) return;
  for await (const { key, value } of readElements(archive.text(file))) {
    const said = key === 'muted' ? 'mute' : key === 'blocked' ? 'block' : null;
    const kind = said ?? wanted ?? guessKind([], archive.fileName);
    if (kind === null) throw unknownList();
    const item = planRow(kind, { target: asText(value) });
    if (item !== null) yield item;
  }
}

function unknownList(): ArchiveRefused {
  return new ArchiveRefused(
    'Is this a list of follows, blocks, mutes, servers or bookmarks? Say what it is and upload it again.',
  );
}

function isHeader(columns: readonly string[]): boolean {
  return columns.some((name) =>
    /^(?:account address|account|username|address|#?domain|#?uri|url|handle)$/.test(name),
  );
}

function readRow(cells: readonly string[], columns: readonly string[]): Row {
  const at = (names: RegExp) => columns.findIndex((name) => names.test(name));
  const cell = (names: RegExp) =>
    at(names) < 0 ? undefined : cells[at(names)]?.trim().toLowerCase();
  const place = Math.max(
    0,
    at(/^(?:account address|account|username|address|#?domain|#?uri|url|handle)$/),
  );
  return {
    target: cells[place]?.trim() ?? '',
    boosts: cell(/^show boosts$/) !== 'false',
    notify: cell(/^notify on new posts$/) === 'true',
    notifications: cell(/^hide notifications$/) !== 'false',
  };
}

function planRow(kind: ListKind, row: Row): ImportItem | null {
  const target = row.target.replace(/^@/, '').slice(0, LONGEST);
  if (target === '' || target.startsWith('#')) return null;
  const isAddress = /^https?:\/\//i.test(target) && URL.canParse(target);
  const fits =
    kind === 'domain'
      ? normaliseDomain(target) !== null
      : isAddress || (kind !== 'bookmark' && /^[^@\s]+(?:@[^@\s]+)?$/.test(target));
  const base = { source: `${kind}:${target}`, label: target, notes: [], target };
  const skip = fits ? null : words.broken;
  if (kind === 'follow') {
    return { kind, ...base, skip, boosts: row.boosts ?? true, notify: row.notify ?? false };
  }
  if (kind === 'mute') return { kind, ...base, skip, notifications: row.notifications ?? true };
  return { kind, ...base, skip };
}
