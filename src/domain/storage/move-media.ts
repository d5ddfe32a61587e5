import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { requireBucket, takeBucketTurn } from './bucket.ts';
import { fetchFromBucket } from './fetch-from-bucket.ts';
import { hashFile } from './hash-file.ts';
import { recountCopies, rightLocalNotes } from './local-copies.ts';
import { claimBucket, dropClaim, type MediaHome, readHome, setHome } from './media-home.ts';
import { placeAll } from './place-files.ts';
import {
  deletePlaced,
  findPlaced,
  isAnyPlaced,
  listPlacedAfter,
  sumPlaced,
} from './placed-queries.ts';
import { type BlobRow, findBlob, listBlobsAfter } from './queries.ts';
import { checkDisk } from './quota.ts';
import { sweepBucket } from './sweep-bucket.ts';

/** How a part of a move went. */
export type MoveStep = {
  /** Where to go on; null: it was the end. */
  after: string | null;
  files: number;
  bytes: number;
  /** Files that could not be moved, by name. */
  problems: string[];
};

const LOOKED_AT = 100;
const BROUGHT_AT_ONCE = 20;

/**
 * Decides where photos live from now on and looks whether that can be: the disk must have room for
 * what comes back. Throws `unavailable` without a bucket, `conflict` if it is another's,
 * `out_of_space`.
 */
export async function beginMove(ctx: Context, to: MediaHome): Promise<void> {
  requireBucket(ctx.config);
  if (to === 'bucket') await claimBucket(ctx);
  else requireRoom(ctx);
  // No copy goes from the disk any more from here on, or none comes back.
  transaction(ctx.db, () => setHome(ctx, to));
}

/**
 * Moves files after a name to where photos live, for about so many milliseconds: into the bucket, or
 * home. May be killed at any moment and begun anew; nothing goes from one side before it is whole on
 * the other, by its SHA-256. Throws `unavailable` while the store is down.
 */
export async function moveMedia(
  ctx: Context,
  from: string,
  limits: { milliseconds: number; signal?: AbortSignal },
): Promise<MoveStep> {
  const step: MoveStep = { after: from, files: 0, bytes: 0, problems: [] };
  const end = performance.now() + limits.milliseconds;
  while (step.after !== null && performance.now() < end) {
    limits.signal?.throwIfAborted();
    const after = step.after;
    step.after = await takeBucketTurn(ctx.config, () =>
      readHome(ctx) === 'bucket'
        ? moveOut(ctx, after, step, limits.signal)
        : moveHome(ctx, after, step, limits.signal),
    );
    await Bun.sleep(0);
  }
  if (step.after === null && readHome(ctx) === 'disk') await leaveBucket(ctx);
  return step;
}

async function moveOut(
  ctx: Context,
  after: string,
  step: MoveStep,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const names = listBlobsAfter(ctx.db, after, LOOKED_AT).map(({ name }) => name);
  const placed = findPlaced(ctx.db, names);
  rightLocalNotes(ctx, placed.values());
  const report = await placeAll(
    ctx,
    names.filter((name) => !placed.has(name)),
    signal,
  );
  step.files += report.placed;
  step.bytes += report.bytes;
  step.problems.push(...report.problems);
  return names.at(-1) ?? null;
}

async function moveHome(
  ctx: Context,
  after: string,
  step: MoveStep,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const rows = listPlacedAfter(ctx.db, after, BROUGHT_AT_ONCE);
  const home: string[] = [];
  for (const { name } of rows) {
    signal?.throwIfAborted();
    const blob = findBlob(ctx.db, name);
    // Deleted; who removes files sees to the bucket as well.
    if (blob === null) continue;
    if (!(await bringHome(ctx, blob))) {
      step.problems.push(name);
      continue;
    }
    home.push(name);
    step.files += 1;
    step.bytes += blob.bytes;
  }
  const there = home.filter((name) => existsSync(ctx.files.mediaPath(name)));
  // First the row, then the object: what a crash leaves in between is swept, and no photo hangs on it.
  transaction(ctx.db, () => deletePlaced(ctx.db, there));
  recountCopies(ctx.db);
  const bucket = requireBucket(ctx.config);
  for (const name of there) await bucket.remove(name);
  return rows.at(-1)?.name ?? null;
}

/** True once the file lies on the disk whole; false if it is damaged or gone in the bucket. */
async function bringHome(ctx: Context, blob: BlobRow): Promise<boolean> {
  const path = ctx.files.mediaPath(blob.name);
  if (existsSync(path) && (await hashFile(path)).sha256 === blob.sha256) return true;
  checkDisk(ctx, blob.bytes);
  const temp = ctx.files.tempPath();
  try {
    await fetchFromBucket(requireBucket(ctx.config), blob, temp);
    await ctx.files.putMedia(temp, blob.name);
    return true;
  } catch (error) {
    await rm(temp, { force: true });
    if (!(error instanceof AppError)) throw error;
    if (error.kind !== 'not_found' && error.kind !== 'invalid') throw error;
    ctx.log.error('A photo cannot come back from the bucket.', { file: blob.name, error });
    // Where nothing is, nothing is to be waited for: the doctor names it.
    if (error.kind === 'not_found') transaction(ctx.db, () => deletePlaced(ctx.db, [blob.name]));
    return false;
  }
}

/** Everything is home: what crashes left in the bucket goes, too. */
async function leaveBucket(ctx: Context): Promise<void> {
  if (isAnyPlaced(ctx.db)) return;
  await sweepBucket(ctx, { age: 0, pages: Number.POSITIVE_INFINITY });
  transaction(ctx.db, () => dropClaim(ctx));
}

function requireRoom(ctx: Context): void {
  const { bytes, localBytes } = sumPlaced(ctx.db);
  const needed = bytes - localBytes;
  try {
    checkDisk(ctx, needed);
  } catch (error) {
    throw new AppError(
      'out_of_space',
      `The photos in the bucket need ${formatBytes(needed)} more, and the disk has ${formatBytes(ctx.files.freeBytes())} left. Make room first; nothing was changed.`,
      { cause: error },
    );
  }
}
