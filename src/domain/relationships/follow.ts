import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { emitLater } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { ownActorUri } from '#domain/own-address.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { beginFollow } from './begin-follow.ts';
import { isBlockedBetween } from './block-queries.ts';
import { isDomainHidden } from './hidden-domain-queries.ts';
import { type FollowRow, findFollow, updateFollowOptions } from './queries.ts';
import { canSeeAccount } from './see-account.ts';

/** What a follower wants: boosts in the home timeline, and to be told of every new post; absent: as it was. */
type FollowOptions = { reblogs?: boolean | undefined; notify?: boolean | undefined };

/**
 * Follows an account; one that confirms its followers gets a request, and so does every account of
 * another server, until that accepts. Doing it twice changes the options alone. Throws `not_found`
 * for an account that is not there, `invalid` for oneself and where a block, a server that the viewer
 * hides or the policy for it stands in between: one sentence for all (T112).
 */
export function followAccount(
  ctx: Context,
  viewer: Viewer,
  accountId: number,
  options: FollowOptions = {},
): void {
  transaction(ctx.db, () => {
    const account = findAccount(ctx.db, accountId);
    if (!account || !canSeeAccount(account, viewer, true)) {
      throw new AppError('not_found', 'There is no such account.');
    }
    if (account.id === viewer.id) throw new AppError('invalid', 'You cannot follow yourself.');
    const known = findFollow(ctx.db, viewer.id, accountId);
    if (known) return changeOptions(ctx, known, options);
    if (isBlockedBetween(ctx.db, viewer.id, accountId) || isOutOfReach(ctx, viewer, account)) {
      throw new AppError('invalid', 'You cannot follow this account.');
    }
    const isRemote = account.uri !== null;
    beginFollow(ctx, {
      followerId: viewer.id,
      followeeId: accountId,
      state: account.locked || isRemote ? 'requested' : 'accepted',
      createdAt: ctx.now(),
      uri: isRemote ? `${ownActorUri(ctx.config, viewer.username)}#follows/${ctx.newId()}` : null,
      showShares: Number(options.reblogs ?? true),
      notify: Number(options.notify ?? false),
    });
    if (isRemote) federate(ctx, { what: 'follow', accountId: viewer.id, targetId: accountId });
  });
}

function changeOptions(ctx: Context, follow: FollowRow, { reblogs, notify }: FollowOptions): void {
  const { followerId, followeeId } = follow;
  const showShares = reblogs === undefined ? follow.showShares : Number(reblogs);
  const tells = notify === undefined ? follow.notify : Number(notify);
  if (showShares === follow.showShares && tells === follow.notify) return;
  updateFollowOptions(ctx.db, { followerId, followeeId, showShares, notify: tells });
  emitLater(ctx, 'follow.changed', { accountId: followerId, targetId: followeeId });
}

function isOutOfReach(ctx: Context, viewer: Viewer, { uri, domain }: AccountRow): boolean {
  if (uri === null) return false;
  if (isDomainHidden(ctx.db, viewer.id, domain)) return true;
  return policyOf(ctx, new URL(uri).host) === 'blocked';
}
