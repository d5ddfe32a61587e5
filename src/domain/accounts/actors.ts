import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { type AccountRow, findAccount } from './queries.ts';
import type { Actor } from './viewer.ts';

/** Throws `forbidden` unless the actor is an admin, the owner or the operator. */
export function requireAdmin(actor: Actor): void {
  if (actor !== 'console' && actor.role === 'member') {
    throw new AppError('forbidden', 'Only an admin can do that.');
  }
}

/**
 * Reads the local account that an admin wants to do something to. The owner is out of reach of all
 * others, admins only within reach of the owner and the operator. Throws `forbidden`, or `not_found`.
 */
export function requireManageable(
  ctx: Pick<Context, 'db'>,
  actor: Actor,
  accountId: number,
): AccountRow {
  requireAdmin(actor);
  const account = findAccount(ctx.db, accountId);
  if (!account || account.role === null) {
    throw new AppError('not_found', 'There is no such account here.');
  }
  if (actor === 'console' || actor.id === accountId) return account;
  if (account.role === 'owner') {
    throw new AppError('forbidden', 'Nobody but the owner can change the account of the owner.');
  }
  if (account.role === 'admin' && actor.role !== 'owner') {
    throw new AppError('forbidden', 'Only the owner can change the account of an admin.');
  }
  return account;
}
