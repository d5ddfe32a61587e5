import { existsSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { eachAtOnce } from '#base/core/each-at-once.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { queueJob } from '#domain/queue-job.ts';
import { requireBucket, takeBucketTurn } from './bucket.ts';
import { recountCopies, tendCopies } from './local-copies.ts';
import { claimBucket, readHome } from './media-home.ts';
import { findPlaced, insertPlaced, type Wanted } from './placed-queries.ts';
import { findBlob, insertDoomed } from './queries.ts';
import { sendToBucket } from './send-to-bucket.ts';

const AT_ONCE = 3;
/** Files whose rows are written together. */
const BATCH = 12;

/** Files that could not go: missing or damaged on the disk. */
export type PlaceReport = { placed: number; bytes: number; problems: string[] };

/**
 * Handler of the job `storage.place`: copies new files into the bucket and notes, once each is there
 * for certain, that it may go from the disk. Killed at any moment it leaves the file on the disk, and
 * the job is done again. Throws `unavailable` while the store is down.
 */
export async function placeFiles(
  ctx: Context,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  await takeBucketTurn(ctx.config, async () => {
    if (readHome(ctx) === 'bucket') await placeAll(ctx, names, signal);
  });
}

/** Places those of the files that are not there yet; only in a turn of `takeBucketTurn`. */
export async function placeAll(
  ctx: Context,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<PlaceReport> {
  const report: PlaceReport = { placed: 0, bytes: 0, problems: [] };
  await claimBucket(ctx);
  for (let at = 0; at < names.length; at += BATCH) {
    signal?.throwIfAborted();
    await placeSome(ctx, names.slice(at, at + BATCH), report);
  }
  return report;
}

async function placeSome(
  ctx: Context,
  names: readonly string[],
  report: PlaceReport,
): Promise<void> {
  const bucket = requireBucket(ctx.config);
  const known = findPlaced(ctx.db, names);
  const blobs = names.flatMap((name) => (known.has(name) ? [] : (findBlob(ctx.db, name) ?? [])));
  const sent: Wanted[] = [];
  try {
    await eachAtOnce(blobs, AT_ONCE, async (blob) => {
      try {
        await sendToBucket(bucket, ctx.files.mediaPath(blob.name), blob);
        sent.push(blob);
      } catch (error) {
        const itself = error instanceof AppError && ['not_found', 'invalid'].includes(error.kind);
        // Removed meanwhile.
        if (itself && findBlob(ctx.db, blob.name) === null) return;
        if (!itself) throw error;
        ctx.log.error('A photo cannot go into the bucket.', { file: blob.name, error });
        report.problems.push(blob.name);
      }
    });
  } finally {
    if (sent.length > 0) noteSent(ctx, sent);
    for (const { bytes } of sent) {
      report.placed += 1;
      report.bytes += bytes;
    }
  }
  recountCopies(ctx.db);
  await tendCopies(ctx);
}

function noteSent(ctx: Context, sent: readonly Wanted[]): void {
  transaction(ctx.db, () => {
    const gone = sent.filter(({ name }) => findBlob(ctx.db, name) === null);
    for (const { name, bytes } of sent) {
      const local = existsSync(ctx.files.mediaPath(name)) ? 1 : 0;
      insertPlaced(ctx.db, { name, bytes, now: ctx.now(), local });
    }
    if (gone.length === 0) return;
    // The photo was deleted while it went: the bucket must lose it, too.
    insertDoomed(
      ctx.db,
      gone.map(({ name }) => name),
      ctx.now(),
    );
    queueJob(ctx, 'storage.remove_files', {}, { uniqueKey: 'all' });
  });
}
