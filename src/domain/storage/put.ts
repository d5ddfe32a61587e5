import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { randomName } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { queueJob } from '#domain/queue-job.ts';
import { hashFile } from './hash-file.ts';
import { readHome } from './media-home.ts';
import {
  addUsage,
  type BlobPurpose,
  type BlobRow,
  deleteReservation,
  insertBlob,
} from './queries.ts';
import { checkStored, type Reservation, readStored, releaseSpace } from './quota.ts';
import { toSpaceError } from './space-error.ts';
import { writeOwned } from './write-owned.ts';

/** A finished file in the temp folder that is to be kept. */
export type NewBlob = {
  path: string;
  purpose: BlobPurpose;
  mime: string;
  /** SHA-256 in hex, if it is known already. */
  sha256?: string | undefined;
  /** Bytes; only believed together with `sha256`. */
  bytes?: number | undefined;
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/heic': 'heic',
  'image/heif': 'heif',
};

/**
 * Stores files for ever: each gets a random name and is on the disk before one transaction writes
 * its row, moves the reservation into what is used, and runs `commit` (the rows that point at the
 * blobs; it may also remove others). Answers what `commit` answers. On any failure nothing is left
 * but what the sweep takes: files are removed, the reservation is released, temp files are gone.
 * Throws `out_of_space` when the sum does not fit after all.
 */
export async function putBlobs<T>(
  ctx: Context,
  owner: { accountId: number; reservation: Reservation | null },
  files: readonly NewBlob[],
  commit: (blobs: readonly BlobRow[]) => T,
): Promise<T> {
  const { accountId, reservation } = owner;
  const placed: string[] = [];
  try {
    const blobs = await settleAll(files.map((file) => placeFile(ctx, accountId, file, placed)));
    return transaction(ctx.db, () => {
      const before = readStored(ctx.db, accountId);
      writeOwned(() => {
        for (const blob of blobs) insertBlob(ctx.db, blob);
      });
      const held = reservation ? deleteReservation(ctx.db, reservation.id) : null;
      addUsage(ctx.db, {
        accountId,
        originals: sumBytes(blobs, true),
        renditions: sumBytes(blobs, false),
        reserved: -(held?.bytes ?? 0),
      });
      if (readHome(ctx) === 'bucket') {
        queueJob(ctx, 'storage.place', { names: blobs.map((blob) => blob.name) });
      }
      const answer = commit(blobs);
      checkStored(ctx, accountId, before);
      return answer;
    });
  } catch (error) {
    await Promise.allSettled([
      ...placed.map((name) => ctx.files.removeMedia(name)),
      ...files.map((file) => rm(file.path, { force: true })),
    ]);
    if (reservation) releaseSpace(ctx, reservation);
    throw toSpaceError(error);
  }
}

/** All answers, or the first failure once nothing is under way any more: the clean-up must come last. */
async function settleAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const failed = (await Promise.allSettled(work)).find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return Promise.all(work);
}

async function placeFile(
  ctx: Context,
  accountId: number,
  file: NewBlob,
  placed: string[],
): Promise<BlobRow> {
  const { sha256, bytes } =
    file.sha256 !== undefined && file.bytes !== undefined
      ? { sha256: file.sha256, bytes: file.bytes }
      : await hashFile(file.path);
  const name = `${randomName(16)}.${EXTENSIONS[file.mime] ?? 'bin'}`;
  placed.push(name);
  await ctx.files.putMedia(file.path, name);
  return {
    name,
    accountId,
    purpose: file.purpose,
    mime: file.mime,
    bytes,
    sha256,
    createdAt: ctx.now(),
  };
}

function sumBytes(blobs: readonly BlobRow[], originals: boolean): number {
  return blobs.reduce(
    (sum, blob) => sum + ((blob.purpose === 'original') === originals ? blob.bytes : 0),
    0,
  );
}
