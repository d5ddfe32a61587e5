import type { Database } from 'bun:sqlite';

type MentionRow = {
  postId: number;
  accountId: number;
  username: string;
  domain: string | null;
  /** Of accounts of other servers: their page, and their id. */
  url: string | null;
  uri: string | null;
};

/** Tags and mentioned accounts of many posts, in two statements. */
export function listWordsOfPosts(
  db: Database,
  postIds: number[],
): {
  tags: { postId: number; name: string; display: string }[];
  mentions: MentionRow[];
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
      .query<MentionRow, { ids: string }>(
        `SELECT m.post_id AS postId, m.account_id AS accountId, a.username, a.domain,
           a.url, a.uri
         FROM mentions m JOIN accounts a ON a.id = m.account_id
         WHERE m.post_id IN (SELECT value FROM json_each($ids))`,
      )
      .all({ ids }),
  };
}
