import type { Context } from '#base/context.ts';
import type { JobWorker } from '#base/jobs/worker.ts';
import { createInbox } from '#doors/federation/inbound/inbox.ts';
import { createCourier } from '#doors/federation/outbound/courier.ts';

export type Mail = { inbox: JobWorker; courier: JobWorker };

/** What works off the letters of other servers, and carries ours to them. */
export function openMail(ctx: Context): Mail {
  return { inbox: createInbox(ctx), courier: createCourier(ctx) };
}
