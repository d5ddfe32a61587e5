import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { queueJob } from '#domain/queue-job.ts';
import { forgetHome } from './media-home.ts';
import { deleteAllReservations, listDoomed } from './queries.ts';

/**
 * Brings storage back to rest after a crash; once at the start, before the first request, while this
 * process holds the lock of the data directory. Nothing of an earlier process is alive then: its
 * reservations are released, its temp files removed, its doomed files queued, and what is not where
 * photos live goes on its way there. Answers the number of reservations.
 */
export function recoverStorage(ctx: Context): number {
  const released = transaction(ctx.db, () => {
    if (listDoomed(ctx.db, 1).length > 0) {
      queueJob(ctx, 'storage.remove_files', {}, { uniqueKey: 'all' });
    }
    forgetHome(ctx);
    if (ctx.config.mediaBucket !== null) queueJob(ctx, 'storage.move', {}, { uniqueKey: 'all' });
    return deleteAllReservations(ctx.db);
  });
  ctx.files.clearTemp();
  return released;
}
