import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { endTokens } from '#domain/accounts/end-access.ts';
import { updateDeletion, updateSuspension } from '#domain/accounts/queries.ts';
import { endSessions } from '#domain/accounts/sessions.ts';
import type { Actor } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { queueJob } from '#domain/queue-job.ts';
import { requireRemovable } from './removable.ts';

/** Deletes somebody's account without days of grace: it is closed and hidden at once, and the job `membership.purge` removes everything. */
export function deleteAccount(ctx: Context, actor: Actor, accountId: number): void {
  requireRemovable(ctx, actor, accountId);
  transaction(ctx.db, () => {
    updateSuspension(ctx.db, accountId, ctx.now());
    updateDeletion(ctx.db, accountId, ctx.now());
    endSessions(ctx, accountId);
    endTokens(ctx, accountId);
    queueJob(ctx, 'membership.purge', { accountId }, { uniqueKey: String(accountId) });
  });
  emitLive(ctx, 'account.changed', { accountId });
}
