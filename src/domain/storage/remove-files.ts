import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { mediaBucket } from './bucket.ts';
import { isRemovalHeld } from './hold-removal.ts';
import { deletePlaced, findPlaced } from './placed-queries.ts';
import { deleteDoomed, findKnownNames, listDoomed } from './queries.ts';

type RemoveContext = Pick<Context, 'config' | 'db' | 'files'>;

const BATCH = 100;

/**
 * Handler of the job `storage.remove_files`: takes from the disk, and from the bucket, what
 * `doomed_files` names, and answers how many files that were. May run any number of times and at the
 * same time. Does nothing while a backup needs the files; whoever held them queues the job anew.
 * Throws `unavailable` at the end if the store did not remove some; those stay noted.
 */
export async function removeFiles(ctx: RemoveContext): Promise<number> {
  let removed = 0;
  let after = '';
  const failures: unknown[] = [];
  for (;;) {
    if (isRemovalHeld(ctx.db)) return removed;
    const names = listDoomed(ctx.db, BATCH, after);
    const last = names.at(-1);
    if (last === undefined) break;
    after = last;
    // Names are never used twice; a row under a doomed one would be a mistake that costs a photo.
    const known = findKnownNames(ctx.db, names);
    const doomed = names.filter((name) => !known.has(name));
    for (const name of doomed) await ctx.files.removeMedia(name);
    const kept = await removePlaced(ctx, doomed, failures);
    const done = names.filter((name) => !kept.has(name));
    transaction(ctx.db, () => deleteDoomed(ctx.db, done));
    removed += done.length;
  }
  if (failures.length > 0) throw failures[0];
  return removed;
}

/** Answers which are still in the bucket. */
async function removePlaced(
  ctx: RemoveContext,
  doomed: readonly string[],
  failures: unknown[],
): Promise<ReadonlySet<string>> {
  const placed = findPlaced(ctx.db, doomed);
  const kept = new Set(placed.keys());
  const bucket = mediaBucket(ctx.config);
  if (kept.size === 0 || bucket === null) return kept;
  for (const name of placed.keys()) {
    try {
      await bucket.remove(name);
      kept.delete(name);
    } catch (error) {
      failures.push(error);
      // A store that is down is so for the others, too.
      break;
    }
  }
  transaction(ctx.db, () =>
    deletePlaced(
      ctx.db,
      doomed.filter((name) => !kept.has(name)),
    ),
  );
  return kept;
}
