import type { Context } from '#base/context.ts';
import { emitLater } from '#domain/emit-live.ts';
import {
  deleteMessage,
  ensureConversation,
  insertMessage,
  listPlacesOf,
  listReaders,
  updateUnread,
} from './queries.ts';

/** A direct post: who wrote it, and for whom. */
export type Message = { postId: number; authorId: number; addresseeIds: readonly number[] };

/**
 * Puts a direct post into the conversation that each person of here has with the others, unread for
 * everybody but its author; one that was there for other people is taken out. Only inside the caller's
 * transaction.
 */
export function fileMessage(ctx: Context, { postId, authorId, addresseeIds }: Message): void {
  const people = [...new Set([authorId, ...addresseeIds])].sort((a, b) => a - b);
  const places = listPlacesOf(ctx.db, postId);
  const kept = new Set<number>();
  for (const { id: accountId, muted } of listReaders(ctx.db, authorId, people)) {
    const others = people.filter((id) => id !== accountId).join(',');
    const id = ensureConversation(ctx.db, { id: ctx.newId(), accountId, others });
    kept.add(id);
    if (!insertMessage(ctx.db, id, postId)) continue;
    if (accountId !== authorId && muted === 0) updateUnread(ctx.db, id, 1);
    emitLater(ctx, 'conversation.changed', { accountId, conversationId: id });
  }
  for (const place of places) {
    if (!kept.has(place.id)) deleteMessage(ctx.db, place.id, postId);
  }
}

/** Takes a post that is no message any more out of all conversations; only inside the caller's transaction. */
export function withdrawMessage(ctx: Context, postId: number): void {
  for (const place of listPlacesOf(ctx.db, postId)) deleteMessage(ctx.db, place.id, postId);
}
