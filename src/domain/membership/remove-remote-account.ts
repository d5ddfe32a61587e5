import type { Context } from '#base/context.ts';
import { findAccount, updateDeletion } from '#domain/accounts/queries.ts';
import { queueJob } from '#domain/queue-job.ts';

/**
 * An account of another server is gone for good: it is hidden at once, and everything of it goes in
 * steps afterwards. Only inside the caller's transaction.
 */
export function removeRemoteAccount(ctx: Context, accountId: number): void {
  const account = findAccount(ctx.db, accountId);
  if (!account || account.domain === null || account.deletionAt !== null) return;
  updateDeletion(ctx.db, accountId, ctx.now());
  queueJob(ctx, 'membership.purge', { accountId }, { uniqueKey: String(accountId) });
}
