import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount, findOwner, updateRole } from '#domain/accounts/queries.ts';
import type { Actor, Role } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';

/**
 * Gives an account another role; only the owner (or the operator) may. With `owner` the place
 * changes hands: who owned it becomes an admin in the same transaction, so there is always exactly
 * one owner. Throws `forbidden`, `not_found`, or `conflict`.
 */
export function changeRole(ctx: Context, actor: Actor, accountId: number, role: Role): void {
  transaction(ctx.db, () => {
    const owner = findOwner(ctx.db);
    if (actor !== 'console' && owner?.id !== actor.id) {
      throw new AppError('forbidden', 'Only the owner can give roles.');
    }
    const account = findAccount(ctx.db, accountId);
    if (!account || account.role === null) {
      throw new AppError('not_found', 'There is no such account here.');
    }
    if (account.role === role) return;
    if (account.role === 'owner') {
      throw new AppError('conflict', 'The owner stays the owner until somebody else is made it.');
    }
    if (role !== 'member' && (account.suspendedAt !== null || account.deletionAt !== null)) {
      throw new AppError('conflict', 'This account is suspended or being deleted.');
    }
    if (role === 'owner' && owner) updateRole(ctx.db, owner.id, 'admin');
    updateRole(ctx.db, accountId, role);
  });
  emitLive(ctx, 'account.changed', { accountId });
}
