import type { Context } from '#base/context.ts';
import { queueJob } from '#domain/queue-job.ts';
import { addUsage, deleteBlobs, insertDoomed } from './queries.ts';

/**
 * Forgets files and gives their room back; only inside the caller's transaction, after the rows that
 * point at them are gone. The files leave the disk after the commit (`storage.remove_files`). Names
 * that are not there are passed over.
 */
export function removeBlobs(
  ctx: Pick<Context, 'db' | 'live' | 'newId' | 'now'>,
  names: readonly string[],
): void {
  if (names.length === 0) return;
  const removed = deleteBlobs(ctx.db, names);
  if (removed.length === 0) return;
  for (const { accountId, purpose, bytes } of removed) {
    if (accountId === null) continue;
    const original = purpose === 'original';
    addUsage(ctx.db, {
      accountId,
      originals: original ? -bytes : 0,
      renditions: original ? 0 : -bytes,
      reserved: 0,
    });
  }
  insertDoomed(
    ctx.db,
    removed.map((blob) => blob.name),
    ctx.now(),
  );
  queueJob(ctx, 'storage.remove_files', {}, { uniqueKey: 'all' });
}
