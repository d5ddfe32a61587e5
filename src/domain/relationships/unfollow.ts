import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { federate } from '#domain/federate.ts';
import { endFollow } from './end-follow.ts';

/** Ends a follow or takes a request back, also for the account's server; nothing happens when there is none. */
export function unfollowAccount(ctx: Context, viewer: Pick<Viewer, 'id'>, accountId: number): void {
  transaction(ctx.db, () => {
    const uri = endFollow(ctx, viewer.id, accountId)?.uri ?? null;
    if (uri === null) return;
    federate(ctx, { what: 'unfollow', accountId: viewer.id, targetId: accountId, uri });
  });
}
