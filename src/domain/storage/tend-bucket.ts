import type { Context } from '#base/context.ts';
import { tendCopies } from './local-copies.ts';
import { moveAll } from './move-all.ts';
import { sweepBucket } from './sweep-bucket.ts';

/** The nightly care of a bucket: moves what was left behind, takes left-overs away, makes room on the disk. */
export async function tendBucket(ctx: Context, signal: AbortSignal) {
  const { files, bytes, problems } = await moveAll(ctx, signal);
  const strays = await sweepBucket(ctx, { signal });
  const evicted = await tendCopies(ctx);
  return { files, bytes, problems: problems.length, strays: strays.files, evicted };
}
