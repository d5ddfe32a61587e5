import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLive } from '#domain/emit-live.ts';
import {
  type ConversationRow,
  deleteConversationRow,
  findConversation,
  updateUnread,
} from './queries.ts';

type Asker = { id: number };

/** A conversation of the viewer's; throws `not_found` for everybody else's. */
export function readConversation(
  ctx: Pick<Context, 'db'>,
  viewer: Asker,
  id: number | null,
): ConversationRow {
  const row = id === null ? null : findConversation(ctx.db, viewer.id, id);
  if (!row) throw new AppError('not_found', 'Record not found');
  return row;
}

/** Marks a conversation of the viewer's as read, or as unread; throws `not_found`. */
export function markConversation(
  ctx: Context,
  viewer: Asker,
  id: number | null,
  unread: boolean,
): ConversationRow {
  const row = transaction(ctx.db, () => {
    const before = readConversation(ctx, viewer, id);
    updateUnread(ctx.db, before.id, Number(unread));
    return { ...before, unread: Number(unread) };
  });
  emitLive(ctx, 'conversation.changed', { accountId: viewer.id, conversationId: row.id });
  return row;
}

/** Forgets a conversation for the viewer; its messages stay, and a new one begins it anew. Throws `not_found`. */
export function deleteConversation(ctx: Context, viewer: Asker, id: number | null): void {
  transaction(ctx.db, () => {
    deleteConversationRow(ctx.db, readConversation(ctx, viewer, id).id);
  });
}

/** Ids of the people of a conversation, without the one whose it is. */
export function othersOf(row: Pick<ConversationRow, 'others'>): number[] {
  return row.others === '' ? [] : row.others.split(',').map(Number);
}
