import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { type PostInput, publishPost } from './publish.ts';
import { awaitTime } from './schedule.ts';
import { deleteScheduled, findScheduled, updateProblem } from './scheduled-queries.ts';

/**
 * Publishes a waiting post if its time has come, in one transaction with its removal from those that
 * wait. What cannot be published stays, with the reason, until its author does something about it.
 */
export function publishScheduled(ctx: Context, scheduledId: number): void {
  const row = findScheduled(ctx.db, scheduledId);
  if (!row) return;
  if (row.scheduledAt > ctx.now()) {
    // It was moved while this waited.
    transaction(ctx.db, () => awaitTime(ctx, row.id, row.scheduledAt));
    return;
  }
  try {
    transaction(ctx.db, () => {
      const author = findAccount(ctx.db, row.accountId);
      if (!author?.role || author.suspendedAt !== null || author.deletionAt !== null) {
        throw new AppError('forbidden', 'This account cannot publish at the moment.');
      }
      const viewer = { id: author.id, username: author.username, role: author.role };
      const input = JSON.parse(row.input) as PostInput;
      publishPost(ctx, viewer, input, row.idempotencyKey ?? `scheduled-${row.id}`);
      deleteScheduled(ctx.db, row.id);
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    updateProblem(ctx.db, row.id, error.message);
  }
}
