import type { Context } from '#base/context.ts';
import { mediaBucket } from './bucket.ts';
import { tendCopies } from './local-copies.ts';
import { readHome } from './media-home.ts';
import { type MoveStep, moveMedia } from './move-media.ts';
import { isAnyPlaced } from './placed-queries.ts';

const SLICE = 2_000;

/** Moves every file that is not where photos live; handler of the job `storage.move`. */
export async function moveAll(ctx: Context, signal: AbortSignal): Promise<Omit<MoveStep, 'after'>> {
  const all = { files: 0, bytes: 0, problems: [] as string[] };
  if (mediaBucket(ctx.config) === null) return all;
  if (readHome(ctx) === 'disk' && !isAnyPlaced(ctx.db)) return all;
  let after: string | null = '';
  while (after !== null) {
    const step: MoveStep = await moveMedia(ctx, after, { milliseconds: SLICE, signal });
    all.files += step.files;
    all.bytes += step.bytes;
    all.problems.push(...step.problems);
    after = step.after;
  }
  await tendCopies(ctx);
  return all;
}
