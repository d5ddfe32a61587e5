import type { Context } from '#base/context.ts';
import { isRemovalHeld } from './hold-removal.ts';
import { deleteDoomed, findKnownNames, listDoomed } from './queries.ts';

const BATCH = 100;

/**
 * Handler of the job `storage.remove_files`: takes from the disk what `doomed_files` names, and
 * answers how many files that were. May run any number of times and at the same time. Does nothing while a
 * backup needs the files; whoever held them queues the job anew.
 */
export async function removeFiles(ctx: Pick<Context, 'db' | 'files'>): Promise<number> {
  let removed = 0;
  for (;;) {
    if (isRemovalHeld(ctx.db)) return removed;
    const names = listDoomed(ctx.db, BATCH);
    if (names.length === 0) return removed;
    // Names are never used twice; a row under a doomed one would be a mistake that costs a photo.
    const known = findKnownNames(ctx.db, names);
    for (const name of names) {
      if (!known.has(name)) await ctx.files.removeMedia(name);
    }
    deleteDoomed(ctx.db, names);
    removed += names.length;
  }
}
