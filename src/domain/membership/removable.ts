import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { requireManageable } from '#domain/accounts/actors.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Actor } from '#domain/accounts/viewer.ts';

/**
 * Reads an account that the actor may suspend or delete. Never the owner, whoever asks: a place
 * without an owner could not be run, so it is handed over first. Never oneself by way of the admin
 * pages, which ask for no password.
 */
export function requireRemovable(
  ctx: Pick<Context, 'db'>,
  actor: Actor,
  accountId: number,
): AccountRow {
  const account = requireManageable(ctx, actor, accountId);
  if (account.role === 'owner') {
    throw new AppError(
      'conflict',
      'The owner cannot be suspended or deleted; make somebody else the owner first.',
    );
  }
  if (actor !== 'console' && actor.id === accountId) {
    throw new AppError('conflict', 'You cannot do that to yourself; see your own settings.');
  }
  return account;
}
