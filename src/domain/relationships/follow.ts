import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { federate } from '#domain/federate.ts';
import { ownActorUri } from '#domain/own-address.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { beginFollow } from './begin-follow.ts';
import { isBlockedBetween } from './block-queries.ts';
import { findFollow } from './queries.ts';
import { canSeeAccount } from './see-account.ts';

/**
 * Follows an account; one that confirms its followers gets a request, and so does every account of
 * another server, until that accepts. Doing it twice changes nothing. Throws `not_found` for an
 * account that is not there, `invalid` for oneself, `forbidden` where a block or the policy for its
 * server stands in between.
 */
export function followAccount(ctx: Context, viewer: Viewer, accountId: number): void {
  transaction(ctx.db, () => {
    const account = findAccount(ctx.db, accountId);
    if (!account || !canSeeAccount(account, viewer, true)) {
      throw new AppError('not_found', 'There is no such account.');
    }
    if (account.id === viewer.id) throw new AppError('invalid', 'You cannot follow yourself.');
    if (findFollow(ctx.db, viewer.id, accountId)) return;
    if (isBlockedBetween(ctx.db, viewer.id, accountId) || isOutOfReach(ctx, account)) {
      throw new AppError('forbidden', 'You cannot follow this account.');
    }
    const isRemote = account.uri !== null;
    beginFollow(ctx, {
      followerId: viewer.id,
      followeeId: accountId,
      state: account.locked || isRemote ? 'requested' : 'accepted',
      createdAt: ctx.now(),
      uri: isRemote ? `${ownActorUri(ctx.config, viewer.username)}#follows/${ctx.newId()}` : null,
    });
    if (isRemote) federate(ctx, { what: 'follow', accountId: viewer.id, targetId: accountId });
  });
}

function isOutOfReach(ctx: Context, { uri }: AccountRow): boolean {
  return uri !== null && policyOf(ctx, new URL(uri).host) === 'blocked';
}
