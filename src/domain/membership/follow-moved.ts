import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { findListsWith } from '#domain/relationships/list-queries.ts';
import { enlist } from '#domain/relationships/lists.ts';
import { findFollow, listFollowPartners } from '#domain/relationships/queries.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';

/**
 * Takes the followers that `fromId` has here over to `toId`, once: they follow (or ask to follow)
 * the new account, with the same wishes and on the same lists, and leave the old one, so a second telling finds nobody. Who may not follow the
 * new account stays. Answers who went. Call it inside the transaction that writes the move, after
 * the checks of T26.
 */
export function followMoved(ctx: Context, fromId: number, toId: number): number[] {
  const { followers } = listFollowPartners(ctx.db, fromId);
  const people = findAccounts(ctx.db, followers);
  const gone: number[] = [];
  for (const { id, username, role } of people.values()) {
    if (role === null || id === toId) continue;
    const viewer = { id, username, role };
    try {
      // Both or neither.
      transaction(ctx.db, () => {
        const follow = findFollow(ctx.db, id, fromId);
        const wishes = { reblogs: follow?.showShares !== 0, notify: follow?.notify === 1 };
        followAccount(ctx, viewer, toId, wishes);
        for (const list of findListsWith(ctx.db, id, fromId)) enlist(ctx, viewer, list.id, [toId]);
        unfollowAccount(ctx, viewer, fromId);
      });
      gone.push(id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return gone;
}
