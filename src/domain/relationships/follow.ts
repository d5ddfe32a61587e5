import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { countFollow, findFollow, insertFollow } from './queries.ts';
import { canSeeAccount } from './see-account.ts';

/**
 * Follows an account of this instance; one that confirms its followers gets a request. Doing it
 * twice changes nothing. Throws `not_found` for an account that is not there, `invalid` for oneself.
 */
export function followAccount(ctx: Context, viewer: Viewer, accountId: number): void {
  transaction(ctx.db, () => {
    const account = findAccount(ctx.db, accountId);
    if (!account || !canSeeAccount(account, viewer, true)) {
      throw new AppError('not_found', 'There is no such account.');
    }
    if (account.id === viewer.id) throw new AppError('invalid', 'You cannot follow yourself.');
    if (findFollow(ctx.db, viewer.id, accountId)) return;
    const state = account.locked ? 'requested' : 'accepted';
    insertFollow(ctx.db, {
      followerId: viewer.id,
      followeeId: accountId,
      state,
      createdAt: ctx.now(),
    });
    if (state === 'accepted') countFollow(ctx.db, viewer.id, accountId, 1);
  });
}
