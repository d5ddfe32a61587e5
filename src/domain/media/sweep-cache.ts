import { statSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { readSetting } from '#domain/settings.ts';
import {
  deleteOldCacheFailures,
  findCachedNames,
  listCachedAfter,
  listCachedOfGone,
} from './cache-queries.ts';
import { dropCopies, recountCache, shrinkCache } from './cache-room.ts';

const HOUR = 3_600_000;
const BATCH = 200;
const FAILURES_KEPT = 30 * 24 * HOUR;

export type CacheSweep = { gone: number; missing: number; stray: number; evicted: number };

/**
 * The nightly care of the copies of remote pictures: those of photos that are gone, rows without a
 * file, files without a row (a crash between both), and what is over the limit since it was lowered.
 */
export async function sweepCache(
  ctx: Context,
  signal: AbortSignal | null = null,
): Promise<CacheSweep> {
  deleteOldCacheFailures(ctx.db, ctx.now() - FAILURES_KEPT);
  const gone = await sweepGone(ctx, signal);
  const missing = await sweepMissing(ctx, signal);
  const stray = await sweepStray(ctx, signal);
  recountCache(ctx.db);
  const evicted = await shrinkCache(ctx, readSetting(ctx, 'media.cache_size'));
  return { gone, missing, stray, evicted };
}

async function sweepGone(ctx: Context, signal: AbortSignal | null): Promise<number> {
  let removed = 0;
  while (!signal?.aborted) {
    const names = listCachedOfGone(ctx.db, BATCH);
    removed += await dropCopies(ctx, names);
    if (names.length < BATCH) break;
    await Bun.sleep(0);
  }
  return removed;
}

async function sweepMissing(ctx: Context, signal: AbortSignal | null): Promise<number> {
  let removed = 0;
  let after = '';
  while (!signal?.aborted) {
    const rows = listCachedAfter(ctx.db, after, BATCH);
    const missing = rows.filter(
      ({ name }) => !statSync(ctx.files.cachePath(name), { throwIfNoEntry: false }),
    );
    removed += await dropCopies(
      ctx,
      missing.map(({ name }) => name),
    );
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) break;
    after = last.name;
    await Bun.sleep(0);
  }
  return removed;
}

async function sweepStray(ctx: Context, signal: AbortSignal | null): Promise<number> {
  let removed = 0;
  let names: string[] = [];
  const drop = async () => {
    const known = findCachedNames(ctx.db, names);
    const stray = names.filter((name) => !known.has(name));
    await Promise.allSettled(stray.map((name) => ctx.files.removeCached(name)));
    removed += stray.length;
    names = [];
  };
  for await (const file of ctx.files.listCached()) {
    if (signal?.aborted) break;
    // A copy gets its row a moment after its file.
    if (file.modifiedAt > ctx.now() - HOUR) continue;
    names.push(file.name);
    if (names.length >= BATCH) await drop();
  }
  await drop();
  return removed;
}
