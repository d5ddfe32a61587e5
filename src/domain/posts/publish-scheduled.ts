import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { type PostInput, publishPost } from './publish.ts';
import type { PostRow } from './rows.ts';
import { awaitTime, readScheduled } from './schedule.ts';
import {
  deleteScheduled,
  findScheduled,
  type ScheduledRow,
  updateProblem,
} from './scheduled-queries.ts';

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
    publishRow(ctx, row);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    updateProblem(ctx.db, row.id, error.message);
  }
}

/**
 * Publishes a waiting post of the viewer's at once and answers it. What cannot be published goes on
 * waiting; throws `not_found` and what `publishPost` throws.
 */
export function publishWaiting(ctx: Context, viewer: Viewer, id: number | null): PostRow {
  return publishRow(ctx, readScheduled(ctx, viewer, id));
}

function publishRow(ctx: Context, row: ScheduledRow): PostRow {
  return transaction(ctx.db, () => {
    const author = findAccount(ctx.db, row.accountId);
    if (!author?.role || author.suspendedAt !== null || author.deletionAt !== null) {
      throw new AppError('forbidden', 'This account cannot publish at the moment.');
    }
    const viewer = { id: author.id, username: author.username, role: author.role };
    const input = JSON.parse(row.input) as PostInput;
    const post = publishPost(ctx, viewer, input, row.idempotencyKey ?? `scheduled-${row.id}`);
    deleteScheduled(ctx.db, row.id);
    return post;
  });
}
