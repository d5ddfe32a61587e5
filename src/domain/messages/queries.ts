import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';

/** Direct messages with the same people, as one of them sees them. */
export type ConversationRow = {
  id: number;
  accountId: number;
  /** Sorted ids of the others, with commas. */
  others: string;
  /** null: nothing of it is left. */
  lastPostId: number | null;
  unread: number;
};

const COLUMNS = 'c.id, c.account_id AS accountId, c.others, c.last_post_id AS lastPostId, c.unread';

/** One page of the conversations of an account, by their last message, the newest first. */
export function listConversations(db: Database, accountId: number, page: Page): ConversationRow[] {
  const upwards = page.minId !== null;
  const rows = db
    .query<ConversationRow, Record<string, number>>(
      `SELECT ${COLUMNS} FROM conversations c
       WHERE c.account_id = $accountId AND c.last_post_id < $maxId AND c.last_post_id > $sinceId
       ORDER BY c.last_post_id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      accountId,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    });
  return upwards ? rows.reverse() : rows;
}

/** One conversation of an account. */
export function findConversation(
  db: Database,
  accountId: number,
  id: number,
): ConversationRow | null {
  return db
    .query<ConversationRow, { accountId: number; id: number }>(
      `SELECT ${COLUMNS} FROM conversations c
       WHERE c.account_id = $accountId AND c.id = $id AND c.last_post_id IS NOT NULL`,
    )
    .get({ accountId, id });
}

/** The conversation of an account with one other person alone, or null. */
export function findConversationWith(
  db: Database,
  accountId: number,
  otherId: number,
): ConversationRow | null {
  return db
    .query<ConversationRow, { accountId: number; others: string }>(
      `SELECT ${COLUMNS} FROM conversations c
       WHERE c.account_id = $accountId AND c.others = $others AND c.last_post_id IS NOT NULL`,
    )
    .get({ accountId, others: String(otherId) });
}

/** The conversation of an account with some people; makes it with `id` if there is none. */
export function ensureConversation(
  db: Database,
  row: { id: number; accountId: number; others: string },
): number {
  const { id, ...who } = row;
  db.query(
    `INSERT INTO conversations (id, account_id, others) VALUES ($id, $accountId, $others)
     ON CONFLICT DO NOTHING`,
  ).run(row);
  const found = db
    .query<{ id: number }, { accountId: number; others: string }>(
      'SELECT id FROM conversations WHERE account_id = $accountId AND others = $others',
    )
    .get(who);
  return found?.id ?? id;
}

/** Puts a message into a conversation; true if it is new there. */
export function insertMessage(db: Database, conversationId: number, postId: number): boolean {
  const { changes } = db
    .query(
      `INSERT INTO conversation_posts (conversation_id, post_id)
       VALUES ($conversationId, $postId) ON CONFLICT DO NOTHING`,
    )
    .run({ conversationId, postId });
  return changes > 0;
}

/** The conversations that a message is in. */
export function listPlacesOf(db: Database, postId: number): ConversationRow[] {
  return db
    .query<ConversationRow, { postId: number }>(
      `SELECT ${COLUMNS} FROM conversation_posts cp JOIN conversations c
         ON c.id = cp.conversation_id WHERE cp.post_id = $postId`,
    )
    .all({ postId });
}

/** Takes a message out of a conversation. */
export function deleteMessage(db: Database, conversationId: number, postId: number): void {
  db.query(
    `DELETE FROM conversation_posts
     WHERE conversation_id = $conversationId AND post_id = $postId`,
  ).run({ conversationId, postId });
}

/** Marks a conversation as read (0) or not (1). */
export function updateUnread(db: Database, id: number, unread: number): void {
  db.query('UPDATE conversations SET unread = $unread WHERE id = $id').run({ id, unread });
}

/** How many conversations of an account hold something unread, up to `most`. */
export function countUnreadConversations(db: Database, accountId: number, most: number): number {
  const row = db
    .query<{ n: number }, { accountId: number; most: number }>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM conversations
         WHERE account_id = $accountId AND last_post_id IS NOT NULL AND unread <> 0 LIMIT $most)`,
    )
    .get({ accountId, most });
  return row?.n ?? 0;
}

/** Forgets a conversation; the messages stay where they are. */
export function deleteConversationRow(db: Database, id: number): void {
  db.query('DELETE FROM conversations WHERE id = $id').run({ id });
}

/** Ids of the messages of a conversation, newest first. */
export function listMessageIds(db: Database, conversationId: number, page: Page): number[] {
  const upwards = page.minId !== null;
  const ids = db
    .query<{ id: number }, Record<string, number>>(
      `SELECT post_id AS id FROM conversation_posts WHERE conversation_id = $conversationId
         AND post_id < $maxId AND post_id > $sinceId
       ORDER BY post_id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      conversationId,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    })
    .map((row) => row.id);
  return upwards ? ids.reverse() : ids;
}

/** Those of the accounts that are of this instance and neither block the author nor are blocked. */
export function listReaders(
  db: Database,
  authorId: number,
  ids: readonly number[],
): { id: number; muted: number }[] {
  return db
    .query<{ id: number; muted: number }, { authorId: number; ids: string }>(
      `SELECT a.id, EXISTS (SELECT 1 FROM mutes
           WHERE account_id = a.id AND target_id = $authorId) AS muted
       FROM accounts a WHERE a.id IN (SELECT value FROM json_each($ids)) AND a.role IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM blocks WHERE account_id = a.id AND target_id = $authorId)
         AND NOT EXISTS (SELECT 1 FROM blocks WHERE account_id = $authorId AND target_id = a.id)`,
    )
    .all({ authorId, ids: JSON.stringify(ids) });
}
