import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLater } from '#domain/emit-live.ts';
import { takeBack } from '#domain/notify/notify.ts';
import { leaveLists } from './list-queries.ts';
import { countFollow, deleteFollow, type FollowRow, findFollow } from './queries.ts';

/**
 * Ends a follow, or a request, whoever wants that, with its counters and what was told of it, and
 * answers what it was; null when there was none. Other servers hear nothing of it.
 */
export function endFollow(ctx: Context, followerId: number, followeeId: number): FollowRow | null {
  return transaction(ctx.db, () => {
    const follow = findFollow(ctx.db, followerId, followeeId);
    if (!follow) return null;
    deleteFollow(ctx.db, followerId, followeeId);
    if (follow.state === 'accepted') countFollow(ctx.db, followerId, followeeId, -1);
    leaveLists(ctx.db, followerId, followeeId);
    takeBack(ctx, { accountId: followeeId, type: 'follow', fromId: followerId });
    takeBack(ctx, { accountId: followeeId, type: 'follow_request', fromId: followerId });
    emitLater(ctx, 'follow.changed', { accountId: followerId, targetId: followeeId });
    return follow;
  });
}
