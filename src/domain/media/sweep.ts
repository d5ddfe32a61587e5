import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { removeBlobs } from '#domain/storage/remove.ts';
import { type SweepReport, sweepStorage } from '#domain/storage/sweep.ts';
import { listBlobsWithUse, listUnattached } from './queries.ts';
import { removeMedia } from './remove.ts';

const HOUR = 3_600_000;
const BATCH = 100;
/** Files that are looked at before the next request has its turn: some milliseconds. */
const LOOKED_AT = 500;

/**
 * The nightly clean-up of everything that no post and no row needs: photos that were uploaded but not
 * published within a day, files of photos that went with their account, and whatever `sweepStorage`
 * finds on the disk. Safe beside running uploads; may run twice.
 */
export async function sweepMedia(
  ctx: Context,
  options: { unattachedAge?: number; orphanAge?: number; tempAge?: number } = {},
): Promise<SweepReport & { unattached: number; unused: number }> {
  const now = ctx.now();
  const unattached = await sweepUnattached(ctx, now - (options.unattachedAge ?? 24 * HOUR));
  const unused = await sweepUnused(ctx, now - (options.orphanAge ?? HOUR));
  return { unattached, unused, ...(await sweepStorage(ctx, options)) };
}

async function sweepUnattached(ctx: Context, before: number): Promise<number> {
  let removed = 0;
  for (;;) {
    const count = transaction(ctx.db, () => {
      const ids = listUnattached(ctx.db, before, BATCH);
      removeMedia(ctx, ids);
      return ids.length;
    });
    removed += count;
    if (count < BATCH) return removed;
    await Bun.sleep(0);
  }
}

async function sweepUnused(ctx: Context, before: number): Promise<number> {
  let removed = 0;
  let after = '';
  for (;;) {
    const { last, unused } = transaction(ctx.db, () => {
      const blobs = listBlobsWithUse(ctx.db, { before, after, limit: LOOKED_AT });
      const unused = blobs.filter((blob) => blob.unused === 1).map((blob) => blob.name);
      removeBlobs(ctx, unused);
      return { last: blobs.at(-1)?.name, unused };
    });
    removed += unused.length;
    if (last === undefined) return removed;
    after = last;
    await Bun.sleep(0);
  }
}
