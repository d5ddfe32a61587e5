import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { requireManageable } from '#domain/accounts/actors.ts';
import { updateSuspension } from '#domain/accounts/queries.ts';
import { endSessions } from '#domain/accounts/sessions.ts';
import type { Actor } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { requireRemovable } from './removable.ts';

/** Suspends an account: its sessions end at once, its tokens stop working, what it posted is hidden until `restoreAccount`. */
export function suspendAccount(ctx: Context, actor: Actor, accountId: number): void {
  const account = requireRemovable(ctx, actor, accountId);
  if (account.suspendedAt !== null) return;
  transaction(ctx.db, () => {
    updateSuspension(ctx.db, accountId, ctx.now());
    endSessions(ctx, accountId);
  });
  emitLive(ctx, 'account.changed', { accountId });
}

/** Lifts a suspension. Throws `conflict` if the account is being deleted by an admin. */
export function restoreAccount(ctx: Context, actor: Actor, accountId: number): void {
  const account = requireManageable(ctx, actor, accountId);
  if (account.deletionAt !== null && account.deletionAt <= ctx.now()) {
    throw new AppError('conflict', 'This account is being deleted and cannot come back.');
  }
  updateSuspension(ctx.db, accountId, null);
  emitLive(ctx, 'account.changed', { accountId });
}
