import type { Context } from '#base/context.ts';
import type { JobWorker } from '#base/jobs/worker.ts';

/** Works off what other servers sent, in batches that share a commit. */
export function createInbox(_ctx: Context): JobWorker {
  return { start: () => {}, wake: () => {}, runDue: async () => 0, drain: async () => {} };
}
