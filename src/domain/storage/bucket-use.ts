import type { Context } from '#base/context.ts';
import { mediaBucket } from './bucket.ts';
import { copyLimit } from './local-copies.ts';
import { type MediaHome, readClaim, readHome } from './media-home.ts';
import { type PlacedTotals, sumBlobs, sumPlaced } from './placed-queries.ts';

/** How photos lie between the disk and the bucket. */
export type BucketUse = {
  /** `bucket/folder`, or null if none was ever used. */
  label: string | null;
  home: MediaHome;
  /** What is in the bucket, and what of it has a copy on the disk; bytes. */
  placed: PlacedTotals;
  /** What lies on the disk alone. */
  unplaced: { files: number; bytes: number };
  /** Bytes that copies may take on the disk. */
  limitBytes: number;
};

/** Counts it. */
export function readBucketUse(ctx: Pick<Context, 'config' | 'db'>): BucketUse {
  const placed = sumPlaced(ctx.db);
  const all = sumBlobs(ctx.db);
  return {
    label: readClaim(ctx)?.label ?? mediaBucket(ctx.config)?.label ?? null,
    home: readHome(ctx),
    placed,
    unplaced: {
      files: Math.max(0, all.files - placed.files),
      bytes: Math.max(0, all.bytes - placed.bytes),
    },
    limitBytes: copyLimit(ctx),
  };
}
