import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { readSetting } from '#domain/settings.ts';
import {
  type CachedFile,
  deleteCached,
  listLongestUnused,
  sumCached,
  touchCached,
} from './cache-queries.ts';

const DAY = 24 * 3_600_000;
const BATCH = 50;
/** Looks that are noted in memory before they are written. */
const MOST_TOUCHED = 500;

// What the cache takes up, so that nobody adds up a hundred thousand rows after every copy.
const totals = new WeakMap<Database, number>();
const touched = new WeakMap<Database, Set<string>>();

/** Bytes that all copies take up. */
export function cacheBytes(db: Database): number {
  const known = totals.get(db);
  if (known !== undefined) return known;
  const { bytes } = sumCached(db);
  totals.set(db, bytes);
  return bytes;
}

/** How many copies there are and what they take up. */
export function readCacheUse(ctx: Pick<Context, 'db'>): { files: number; bytes: number } {
  return sumCached(ctx.db);
}

/** Adds what was stored (or takes what went) to the sum; after the commit. */
export function countCached(db: Database, bytes: number): void {
  totals.set(db, Math.max(0, cacheBytes(db) + bytes));
}

/** Adds everything up anew at the next question. */
export function recountCache(db: Database): void {
  totals.delete(db);
}

/**
 * Notes that somebody looked at a copy. At most once a day, and a handful at a time: a write for every
 * look would cost more than the look, and empty every memory of pages.
 */
export function noteUse(ctx: Context, copy: { name: string; usedAt: number }): void {
  if (copy.usedAt > ctx.now() - DAY) return;
  const names = touched.get(ctx.db) ?? new Set<string>();
  touched.set(ctx.db, names);
  names.add(copy.name);
  if (names.size >= MOST_TOUCHED) writeUses(ctx);
}

/** Writes down who was looked at; before anything is thrown out. */
export function writeUses(ctx: Context): void {
  const names = touched.get(ctx.db);
  if (names === undefined || names.size === 0) return;
  touchCached(ctx.db, [...names], ctx.now());
  names.clear();
}

/**
 * Counts bytes that are about to be stored and throws out what nobody looked at the longest until
 * everything fits into `media.cache_size`; a tenth more than needed, so that not every copy costs a
 * round. Throws `unavailable` if they alone are too many. What is not stored after all is taken off
 * again with `countCached`.
 */
export async function makeRoom(ctx: Context, bytes: number): Promise<void> {
  const limit = readSetting(ctx, 'media.cache_size');
  if (bytes > limit) {
    throw new AppError('unavailable', 'There is no room for pictures of other servers.');
  }
  countCached(ctx.db, bytes);
  if (cacheBytes(ctx.db) <= limit) return;
  await shrinkCache(ctx, Math.max(Math.floor(limit * 0.9), bytes));
}

/** Throws out what nobody looked at the longest until at most `limit` bytes are left; answers how many files went. */
export async function shrinkCache(ctx: Context, limit: number): Promise<number> {
  writeUses(ctx);
  let removed = 0;
  for (;;) {
    const over = cacheBytes(ctx.db) - limit;
    const oldest = over > 0 ? listLongestUnused(ctx.db, BATCH) : [];
    if (oldest.length === 0) return removed;
    let freed = 0;
    const chosen: string[] = [];
    for (const { name, bytes } of oldest) {
      if (freed >= over) break;
      chosen.push(name);
      freed += bytes;
    }
    removed += await dropCopies(ctx, chosen);
  }
}

/** Removes copies, rows first: a file without a row is swept, a row without a file would be a broken picture. */
export async function dropCopies(ctx: Context, names: readonly string[]): Promise<number> {
  const gone = transaction(ctx.db, () => deleteCached(ctx.db, names));
  await removeFiles(ctx, gone);
  return gone.length;
}

/** Takes the files of rows that are gone from the disk and from the sum. */
export async function removeFiles(ctx: Context, gone: readonly CachedFile[]): Promise<void> {
  countCached(ctx.db, -gone.reduce((sum, { bytes }) => sum + bytes, 0));
  await Promise.allSettled(gone.map(({ name }) => ctx.files.removeCached(name)));
}
