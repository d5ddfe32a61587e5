import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { federate } from '#domain/federate.ts';
import { readSetting } from '#domain/settings.ts';
import { beginFollow } from './begin-follow.ts';
import { isBlockedBetween } from './block-queries.ts';
import { isDomainHidden } from './hidden-domain-queries.ts';
import { type FollowState, findFollow, updateFollowUri } from './queries.ts';

/**
 * Somebody of another server (`follower`) asks to follow an account of this one, under the id `uri`:
 * accepted at once and said so, or kept as a request where the account, a family or a limit wants
 * that. Asking again repeats an answer that may have been lost. null: refused, and said so.
 */
export function receiveFollow(
  ctx: Context,
  follower: AccountRow,
  followee: AccountRow,
  uri: string,
): FollowState | null {
  return transaction(ctx.db, () => {
    const [followerId, followeeId] = [follower.id, followee.id];
    const answer = (what: 'accept' | 'reject') =>
      federate(ctx, { what, accountId: followeeId, targetId: followerId, uri });
    if (isRefused(ctx, follower, followee)) {
      if (followee.uri === null) answer('reject');
      return null;
    }
    const known = findFollow(ctx.db, followerId, followeeId);
    if (known) updateFollowUri(ctx.db, { followerId, followeeId, uri });
    const state = known?.state ?? (asksFirst(ctx, follower, followee) ? 'requested' : 'accepted');
    if (!known) beginFollow(ctx, { followerId, followeeId, state, createdAt: ctx.now(), uri });
    if (state === 'accepted') answer('accept');
    return state;
  });
}

function isRefused(ctx: Context, follower: AccountRow, followee: AccountRow): boolean {
  if (followee.uri !== null || follower.uri === null || follower.suspendedAt !== null) return true;
  if (followee.suspendedAt !== null || followee.deletionAt !== null) return true;
  if (isDomainHidden(ctx.db, followee.id, follower.domain)) return true;
  return isBlockedBetween(ctx.db, follower.id, followee.id);
}

function asksFirst(ctx: Context, follower: AccountRow, followee: AccountRow): boolean {
  // In a family nobody from outside follows without having been let in.
  return followee.locked !== 0 || follower.limited !== 0 || readSetting(ctx, 'mode') === 'family';
}
