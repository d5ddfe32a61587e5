import type { Context } from '#base/context.ts';
import { interruptCronRuns } from '#base/jobs/cron-queries.ts';
import { recoverJobs } from '#base/jobs/queries.ts';
import { interruptRuns } from '#domain/backup/run-queries.ts';
import { readVapid } from '#domain/notify/vapid.ts';
import { recoverStorage } from '#domain/storage/recover.ts';

/** Brings everything back to rest that an earlier process left in the middle, whatever ended it. */
export function recover(ctx: Context): void {
  const jobs = recoverJobs(ctx.db, ctx.now());
  interruptCronRuns(ctx.db, ctx.now());
  interruptRuns(ctx.db, ctx.now());
  // Made at the first start, so that an app never meets a server without one.
  readVapid(ctx);
  const reservations = recoverStorage(ctx);
  if (jobs + reservations > 0) {
    ctx.log.info('What the last run left in the middle is taken up again.', { jobs, reservations });
  }
}
