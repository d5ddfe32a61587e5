import type { Context } from '#base/context.ts';
import { saveQuota } from './queries.ts';

/** Gives one account a quota of its own in bytes: 0 for no limit, null for the instance's common one. */
export function setQuota(
  ctx: Pick<Context, 'db'>,
  accountId: number,
  quotaBytes: number | null,
): void {
  saveQuota(ctx.db, accountId, quotaBytes);
}
