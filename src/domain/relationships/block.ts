import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { emitLater } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { deleteNotificationsBetween } from '#domain/notify/queries.ts';
import { ownActorUri } from '#domain/own-address.ts';
import { deleteBlock, insertBlock } from './block-queries.ts';
import { endFollow } from './end-follow.ts';
import { removeFollower } from './remove-follower.ts';
import { unfollowAccount } from './unfollow.ts';

/**
 * Ends whatever is between two accounts and hides them from each other. `uri` is the id of the Block
 * if it came from another server. True if it is new. Another server hears of a local block only if
 * the owner wants that; that the follows ended it always hears (T112). Throws `not_found` or
 * `invalid` for a local account; a remote one that blocks nobody is left alone.
 */
export function blockAccount(
  ctx: Context,
  accountId: number,
  targetId: number,
  uri: string | null = null,
): boolean {
  return transaction(ctx.db, () => {
    const [account, target] = [findAccount(ctx.db, accountId), findAccount(ctx.db, targetId)];
    if (!account || !target || account.id === target.id) {
      if (account?.uri !== null) return false;
      if (!target) throw new AppError('not_found', 'There is no such account.');
      throw new AppError('invalid', 'You cannot block yourself.');
    }
    const known = uri ?? blockUri(ctx, account, target);
    if (!insertBlock(ctx.db, { accountId, targetId, uri: known, now: ctx.now() })) return false;
    endFollows(ctx, account, target);
    deleteNotificationsBetween(ctx.db, accountId, targetId);
    if (account.uri === null && known !== null) {
      federate(ctx, { what: 'block', accountId, targetId, uri: known });
    }
    emitLater(ctx, 'follow.changed', { accountId, targetId });
    return true;
  });
}

/** Ends a block; nothing happens when there is none. What it ended does not come back. */
export function unblockAccount(ctx: Context, accountId: number, targetId: number): boolean {
  return transaction(ctx.db, () => {
    const uri = deleteBlock(ctx.db, accountId, targetId);
    if (uri === undefined) return false;
    const account = findAccount(ctx.db, accountId);
    if (account?.uri === null && uri !== null) {
      federate(ctx, { what: 'unblock', accountId, targetId, uri });
    }
    emitLater(ctx, 'follow.changed', { accountId, targetId });
    return true;
  });
}

function blockUri(ctx: Context, account: AccountRow, target: AccountRow): string | null {
  if (account.uri !== null || target.uri === null) return null;
  return `${ownActorUri(ctx.config, account.username)}#blocks/${target.id}`;
}

/** A remote account that blocks has ended the follows on its side already. */
function endFollows(ctx: Context, account: AccountRow, target: AccountRow): void {
  if (account.uri === null) {
    unfollowAccount(ctx, account, target.id);
    removeFollower(ctx, account, target.id);
  } else {
    endFollow(ctx, account.id, target.id);
    endFollow(ctx, target.id, account.id);
  }
}
