import type { Context } from '#base/context.ts';
import { enqueueJob } from '#base/jobs/enqueue.ts';
import { JOB_QUEUED } from '#base/jobs/kinds.ts';
import type { JobKind, JobPayload } from './kinds.ts';

/**
 * Writes a job of a known kind; call it inside the transaction whose change it follows. `runAt` is
 * milliseconds since 1970 (now by default); see `enqueueJob` for `uniqueKey`.
 */
export function queueJob<Kind extends JobKind>(
  ctx: Pick<Context, 'db' | 'live' | 'newId' | 'now'>,
  kind: Kind,
  payload: JobPayload<Kind>,
  options: { runAt?: number; uniqueKey?: string } = {},
): void {
  const now = ctx.now();
  enqueueJob(ctx.db, {
    id: ctx.newId(),
    kind,
    payload,
    runAt: options.runAt ?? now,
    uniqueKey: options.uniqueKey,
    now,
  });
  // The worker looks only after the running code has ended, so the row is committed by then.
  ctx.live.emit({ type: JOB_QUEUED });
}
