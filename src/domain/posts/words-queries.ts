import type { Database } from 'bun:sqlite';

/** Tags and mentioned accounts of many posts, in two statements. */
export function listWordsOfPosts(
  db: Database,
  postIds: number[],
): {
  tags: { postId: number; name: string; display: string }[];
  mentions: { postId: number; accountId: number; username: string; domain: string | null }[];
} {
  const ids = JSON.stringify(postIds);
  return {
    tags: db
      .query<{ postId: number; name: string; display: string }, { ids: string }>(
        `SELECT pt.post_id AS postId, t.name, t.display FROM post_tags pt
           JOIN tags t ON t.id = pt.tag_id
         WHERE pt.post_id IN (SELECT value FROM json_each($ids)) ORDER BY t.id`,
      )
      .all({ ids }),
    mentions: db
      .query<
        { postId: number; accountId: number; username: string; domain: string | null },
        { ids: string }
      >(
        `SELECT m.post_id AS postId, m.account_id AS accountId, a.username, a.domain
         FROM mentions m JOIN accounts a ON a.id = m.account_id
         WHERE m.post_id IN (SELECT value FROM json_each($ids))`,
      )
      .all({ ids }),
  };
}
