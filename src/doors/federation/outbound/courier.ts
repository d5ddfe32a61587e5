import type { Context } from '#base/context.ts';
import type { JobWorker } from '#base/jobs/worker.ts';

/** Carries activities to the inboxes of other servers until they arrive or are given up. */
export function createCourier(_ctx: Context): JobWorker {
  return { start: () => {}, wake: () => {}, runDue: async () => 0, drain: async () => {} };
}
