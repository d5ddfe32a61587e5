import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { countJobs, findJobs, type JobRow, reviveJobs } from '#base/jobs/queries.ts';
import { INBOX_KIND, listInboxJobs, retryInboxJobs } from '#doors/federation/inbound/inbox-jobs.ts';
import { retryDeliveries } from '#doors/federation/outbound/deliveries-of-post.ts';
import { listDeliveries } from '#doors/federation/outbound/list-deliveries.ts';
import { command } from './command.ts';

const SHOWN = 100;

/** What can be done with durable jobs and recurring work. */
export const jobCommands = {
  'jobs.list': command(
    v.object({ state: v.nullable(v.picklist(['waiting', 'running', 'dead'])) }),
    ({ ctx, cron }, { state }) => ({
      counts: countJobs(ctx.db),
      jobs: [
        ...listInboxJobs(ctx, { state, limit: SHOWN }),
        ...findJobs(ctx.db, { state, kind: null, limit: SHOWN }).map(describe),
      ],
      cron: cron.list().map(({ last, ...entry }) => ({
        ...entry,
        lastAt: last?.startedAt ?? null,
        outcome: last?.outcome ?? null,
        detail: last?.detail ?? null,
      })),
    }),
  ),
  // One by its id, those of a kind, or all.
  'jobs.retry': command(v.object({ which: v.string() }), ({ ctx, jobs }, { which }) => {
    const id = parseId(which);
    const kind = id === null && which !== 'all' ? which : null;
    const isInbox = kind === null || kind === INBOX_KIND;
    const retried =
      reviveJobs(ctx.db, { id, kind, now: ctx.now() }) + (isInbox ? retryInboxJobs(ctx, id) : 0);
    if (retried === 0 && which !== 'all') {
      throw new AppError('not_found', `There is no dead job "${which}".`);
    }
    jobs.wake();
    return { retried };
  }),
  'jobs.deliveries': command(v.object({ host: v.nullable(v.string()) }), ({ ctx }, { host }) =>
    listDeliveries(ctx, host),
  ),
  'jobs.retry_deliveries': command(
    v.object({ host: v.nullable(v.string()) }),
    ({ ctx }, { host }) => ({ retried: retryDeliveries(ctx, host === null ? {} : { host }) }),
  ),
  'jobs.run': command(v.object({ name: v.string() }), async ({ cron }, { name }) => ({
    detail: await cron.run(name),
  })),
};

function describe(job: JobRow) {
  const { id, kind, state, attempts, runAt, createdAt, lastError } = job;
  return { id: String(id), kind, state, attempts, runAt, createdAt, lastError };
}
