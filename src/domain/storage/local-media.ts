import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { perValue } from '#base/core/per-value.ts';
import { createTurns } from '#base/core/turns.ts';
import { requireBucket } from './bucket.ts';
import { fetchFromBucket } from './fetch-from-bucket.ts';
import { noteLocalCopy, noteLocalUse, tendCopies } from './local-copies.ts';
import { isPlaced } from './placed-queries.ts';
import { findBlob } from './queries.ts';
import { checkDisk } from './quota.ts';

type LocalContext = Pick<Context, 'config' | 'db' | 'files' | 'now'>;

/** Files that come at the same time, and that wait for their turn. */
const AT_ONCE = 8;
const MOST_WAITING = 200;

const desks = perValue((_db: Context['db']) => ({
  running: new Map<string, Promise<void>>(),
  turns: createTurns(AT_ONCE, MOST_WAITING),
}));

/**
 * The path of a stored file on the disk, for whoever needs it as a file; fetched from the bucket if
 * it only lies there (once, however many ask). It stays for some minutes at least. Without a bucket
 * it is the path where the file must be, looked at or not. Throws `not_found` if there is no such
 * file, `unavailable` if the store is down or too busy, `invalid` if what it has is damaged,
 * `out_of_space` if the disk has no room for it.
 */
export async function localMedia(ctx: LocalContext, name: string): Promise<string> {
  const path = ctx.files.mediaPath(name);
  if (ctx.config.mediaBucket === null) return path;
  if (!existsSync(path)) await fetchOnce(ctx, name);
  noteLocalUse(ctx, name);
  return path;
}

function fetchOnce(ctx: LocalContext, name: string): Promise<void> {
  const { running, turns } = desks(ctx.db);
  const known = running.get(name);
  if (known !== undefined) return known;
  const turn = turns.take(() => fetchFile(ctx, name));
  if (turn === null) {
    throw new AppError('unavailable', 'Too many photos are being fetched just now.', {
      retryAfter: 10,
    });
  }
  const work = turn.finally(() => running.delete(name));
  running.set(name, work);
  return work;
}

async function fetchFile(ctx: LocalContext, name: string): Promise<void> {
  const blob = findBlob(ctx.db, name);
  if (blob === null || !isPlaced(ctx.db, name)) {
    throw new AppError('not_found', 'This file is neither on the disk nor in the bucket.');
  }
  await requireRoom(ctx, blob.bytes);
  const temp = ctx.files.tempPath();
  try {
    await fetchFromBucket(requireBucket(ctx.config), blob, temp);
    await ctx.files.putMedia(temp, name);
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
  await noteLocalCopy(ctx, blob);
}

async function requireRoom(ctx: LocalContext, bytes: number): Promise<void> {
  try {
    checkDisk(ctx, bytes);
  } catch (error) {
    if ((await tendCopies(ctx)) === 0) throw error;
    checkDisk(ctx, bytes);
  }
}
