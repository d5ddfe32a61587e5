import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { requireAdmin } from '#domain/accounts/actors.ts';
import { limitByModerator } from '#domain/accounts/cut-queries.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Actor } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { requireRemovable } from './removable.ts';

/**
 * Keeps an account out of public lists and of notifications of people who do not follow it, or lets
 * it in again; nothing of it is hidden from its followers. Throws `forbidden`, `not_found`, `conflict`.
 */
export function limitAccount(
  ctx: Context,
  actor: Actor,
  accountId: number,
  isLimited: boolean,
): void {
  requireAdmin(actor);
  const account = findAccount(ctx.db, accountId);
  if (!account) throw new AppError('not_found', 'There is no such account.');
  if (account.domain === null) requireRemovable(ctx, actor, accountId);
  limitByModerator(ctx.db, accountId, isLimited);
  emitLive(ctx, 'account.changed', { accountId });
}
