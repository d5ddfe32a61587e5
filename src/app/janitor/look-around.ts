import type { Database } from 'bun:sqlite';
import { lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Config } from '#base/config/config.ts';
import { readPragma } from '#base/db/open.ts';
import type { Files } from '#base/platform/files.ts';
import { readCacheUse } from '#domain/media/cache-room.ts';
import { listOldRemote, mattersHere } from '#domain/posts/prune-queries.ts';
import { readSetting } from '#domain/settings.ts';
import { findKnownNames } from '#domain/storage/queries.ts';
import { countFreePages } from '#domain/upkeep/queries.ts';
import {
  countEnded,
  countOver,
  countSeen,
  listExportFiles,
  sumExpiredExports,
  sumUnattached,
} from './queries.ts';

/** What the janitor is shown: for reading alone, so that nobody waits for it. */
export type Room = { config: Config; db: Database; files: Files; now: number };

/** One class of what may go. `bytes` null: not worth counting. `by` null: told only, a person decides. */
export type Litter = {
  name: string;
  text: string;
  items: number;
  bytes: number | null;
  /** The recurring work that takes it away. */
  by: string | null;
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const POSTS_AT_ONCE = 500;

/** Looks what could go, class by class, and changes nothing. */
export async function lookAround(room: Room): Promise<Litter[]> {
  const { db, now } = room;
  const rows = (name: string, text: string, by: string, items: number): Litter => {
    return { name, text, items, bytes: null, by };
  };
  const unattached = sumUnattached(db, now - DAY);
  const exported = sumExpiredExports(db, now);
  return [
    {
      name: 'uploads',
      text: 'uploads that were never published',
      ...unattached,
      by: 'media.sweep',
    },
    await lookForOrphans(room),
    lookInto('temp', 'unfinished uploads', room.files.tmp, now - DAY, 'media.sweep'),
    lookAtCache(room),
    rows('posts', 'posts of other servers that nobody needs', 'federation.prune', countPosts(room)),
    rows('deliveries', 'old deliveries', 'federation.prune', countEnded(db, now - 30 * DAY)),
    rows('seen', 'old notes of what was received', 'inbox.sweep', countSeen(db, now - 7 * DAY)),
    rows('access', 'sessions, links and codes that are over', 'accounts.sweep', countOver(db, now)),
    { name: 'exports', text: 'archives whose day has come', ...exported, by: 'exports.sweep' },
    lookForParts(room),
    lookAtDatabase(db),
    lookInto('logs', 'the log, kept below 8 MB by itself', room.files.logs, now + DAY, null),
    lookAtCopies(room),
    ...lookBeside(room),
  ];
}

async function lookForOrphans({ db, files, now }: Room): Promise<Litter> {
  const found = { items: 0, bytes: 0 };
  for await (const file of files.listMedia()) {
    if (file.modifiedAt > now - HOUR || findKnownNames(db, [file.name]).has(file.name)) continue;
    found.items += 1;
    found.bytes += file.bytes;
  }
  return { name: 'orphans', text: 'files that belong to no photo', ...found, by: 'media.sweep' };
}

/** What a crash left of archives that were being made. */
function lookForParts({ db, files, now }: Room): Litter {
  const known = new Set(listExportFiles(db));
  const found = { items: 0, bytes: 0 };
  for (const name of readNames(files.exports)) {
    const stat = lstatSync(join(files.exports, name), { throwIfNoEntry: false });
    if (stat === undefined || stat.mtimeMs > now - HOUR) continue;
    if (known.has(name.replace(/\.[a-z]+$/, ''))) continue;
    found.items += 1;
    found.bytes += stat.isFile() ? stat.size : 0;
  }
  return { name: 'parts', text: 'unfinished archives', ...found, by: 'exports.sweep' };
}

function lookAtCache({ config, db }: Room): Litter {
  const { files, bytes } = readCacheUse({ db });
  const over = Math.max(0, bytes - readSetting({ config, db }, 'media.cache_size'));
  const items = bytes === 0 ? 0 : Math.ceil((over / bytes) * files);
  return { name: 'cache', text: 'copies over the limit', items, bytes: over, by: 'media.cache' };
}

function countPosts({ config, db, now }: Room): number {
  const before = now - readSetting({ config, db }, 'federation.keep_days') * DAY;
  let count = 0;
  let last = { receivedAt: 0, id: 0 };
  for (;;) {
    const page = { afterTime: last.receivedAt, afterId: last.id, limit: POSTS_AT_ONCE, before };
    const posts = listOldRemote(db, page);
    count += posts.filter(({ id }) => !mattersHere(db, id)).length;
    const next = posts.at(-1);
    if (next === undefined || posts.length < POSTS_AT_ONCE) return count;
    last = next;
  }
}

function lookAtDatabase(db: Database): Litter {
  const items = countFreePages(db);
  const bytes = items * readPragma(db, 'page_size');
  return { name: 'pages', text: 'empty pages of the database', items, bytes, by: 'database.tend' };
}

/** What lies in a folder and was not touched since a time. */
function lookInto(
  name: string,
  text: string,
  folder: string,
  before: number,
  by: string | null,
): Litter {
  const found = { items: 0, bytes: 0 };
  for (const each of readNames(folder)) {
    const stat = lstatSync(join(folder, each), { throwIfNoEntry: false });
    if (stat === undefined || stat.mtimeMs > before) continue;
    found.items += 1;
    found.bytes += stat.isFile() ? stat.size : 0;
  }
  return { name, text, ...found, by };
}

function lookAtCopies({ files }: Room): Litter {
  const names = readNames(files.backups).filter((name) => name.startsWith('before-schema-'));
  const bytes = names.reduce((sum, name) => sum + sizeOf(join(files.backups, name)), 0);
  const text = 'copies from before a new schema, the newest three are kept';
  return { name: 'schema-copies', text, items: names.length, bytes, by: null };
}

/** The data of before a restore is somebody's way back: it goes by hand alone. */
function lookBeside({ files }: Room): Litter[] {
  const { root } = files;
  const names = readNames(dirname(root)).filter((name) =>
    name.startsWith(`${basename(root)}.before-restore-`),
  );
  return names.map((name) => ({
    name: 'before-restore',
    text: `the data of before a restore, ${join(dirname(root), name)}`,
    items: 1,
    bytes: sizeOf(join(dirname(root), name)),
    by: null,
  }));
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Bytes of a file, or of everything below a folder. */
function sizeOf(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  return readNames(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
