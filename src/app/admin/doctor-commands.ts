import * as v from 'valibot';
import type { App } from '#app/app.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { reviveJobs } from '#base/jobs/queries.ts';
import { sweepMedia } from '#domain/media/sweep.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { sweepBucket } from '#domain/storage/sweep-bucket.ts';
import type { ServerFacts } from '#domain/upkeep/doctor/patient.ts';
import { optimizeStatistics } from '#domain/upkeep/queries.ts';
import { retryInboxJobs } from '#doors/federation/inbound/inbox-jobs.ts';
import { proxySummary } from '#doors/http/proxy-facts.ts';
import { bootId } from '#doors/http/request-facts.ts';
import { command } from './command.ts';

const fixes = {
  files: async ({ ctx }: App) => {
    const done = await sweepMedia(ctx);
    const { files } = await sweepBucket(ctx);
    return `${done.files + done.unused + files} files without a photo (${formatBytes(done.bytes)}) and ${done.temp} unfinished uploads were removed.`;
  },
  meters: async ({ ctx }: App) =>
    `${(await reconcileUsage(ctx)).length} storage meters were corrected.`,
  jobs: ({ ctx, jobs }: App) => {
    const revived = reviveJobs(ctx.db, { id: null, kind: null, now: ctx.now() });
    jobs.wake();
    return `${revived + retryInboxJobs(ctx, null)} pieces of work are tried again.`;
  },
  statistics: ({ ctx }: App) => {
    optimizeStatistics(ctx.db);
    return 'SQLite has fresh statistics.';
  },
} as const;

/** What the doctor asks of a server, and what it lets it mend. */
export const doctorCommands = {
  'doctor.look': command(
    v.object({}),
    ({ ctx }): ServerFacts => ({
      pid: process.pid,
      version: buildInfo.version,
      boot: bootId(),
      host: ctx.config.listen.host,
      port: ctx.config.listen.port,
      rss: process.memoryUsage.rss(),
      lagMs: ctx.lag.read().last,
      proxy: proxySummary(ctx),
    }),
  ),
  'doctor.fix': command(
    v.object({ what: v.picklist(['files', 'meters', 'jobs', 'statistics']) }),
    async (app, { what }) => ({ text: await fixes[what](app) }),
  ),
};
