import type { Context } from '#base/context.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import { othersOf } from '#domain/messages/conversation.ts';
import type { ConversationRow } from '#domain/messages/queries.ts';
import { accountsJson } from './account.ts';
import { applyFilters } from './filtered.ts';
import { statusesByIds } from './status-cache.ts';
import type { AccountJson, StatusJson } from './types.ts';

/** Direct messages with the same people (Mastodon's Conversation). */
export type ConversationJson = {
  id: string;
  unread: boolean;
  /** The others, never none: who writes to themselves alone stands there themselves. */
  accounts: AccountJson[];
  last_status: StatusJson | null;
};

/**
 * Conversations as apps read them, in the order given; those whose last message the viewer may not
 * see any more are left out. The same number of statements for any number.
 */
export function conversationsJson(
  ctx: Context,
  viewer: { id: number },
  rows: readonly ConversationRow[],
): ConversationJson[] {
  const ids = new Set([viewer.id, ...rows.flatMap(othersOf)]);
  const list = accountsJson(ctx, [...findAccounts(ctx.db, [...ids]).values()]);
  const people = new Map(list.map((account) => [Number(account.id), account]));
  const lastIds = rows.flatMap((row) => row.lastPostId ?? []);
  // What a filter meets says so; no conversation is left out for it.
  const last = applyFilters(ctx, viewer, null, statusesByIds(ctx, viewer, lastIds));
  const posts = new Map(last.map((status) => [Number(status.id), status]));
  return rows.flatMap((row) => {
    const status = posts.get(row.lastPostId ?? 0);
    if (!status) return [];
    const others = othersOf(row).flatMap((id) => people.get(id) ?? []);
    const own = people.get(viewer.id);
    return [
      {
        id: String(row.id),
        unread: row.unread !== 0,
        accounts: others.length > 0 || !own ? others : [own],
        last_status: status,
      },
    ];
  });
}
