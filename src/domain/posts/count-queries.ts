import type { Database } from 'bun:sqlite';

/** The comments of the row of `posts` at hand that whoever sees it sees too: the rule of `countsAsReply`. */
const REPLIES = `(SELECT count(*) FROM posts c
  WHERE c.in_reply_to_id = posts.id AND c.archived_at IS NULL
    AND c.visibility IN ('public', 'unlisted', posts.visibility)
    AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = c.account_id AND a.suspended_at IS NULL))`;

/** The posts of an account that are in its public number: the rule of `countsForAccount`. */
const OPEN_POSTS = `FROM posts p
  WHERE p.account_id = $accountId AND p.visibility IN ('public', 'unlisted')
    AND p.in_reply_to_account_id IS NULL AND p.archived_at IS NULL`;

/** Adds to the number of comments that everybody who sees the post can see. */
export function countReply(db: Database, postId: number, change: 1 | -1): void {
  db.query('UPDATE posts SET replies_count = replies_count + $change WHERE id = $postId').run({
    postId,
    change,
  });
}

/** Counts a post's comments anew. */
export function recountReplies(db: Database, id: number): void {
  db.query(`UPDATE posts SET replies_count = ${REPLIES} WHERE id = $id`).run({ id });
}

/** The next posts of an account after an id, each with what it comments on (null: nothing). */
export function listAnsweredBy(
  db: Database,
  accountId: number,
  after: number,
  limit: number,
): { id: number; parentId: number | null }[] {
  return db
    .query<
      { id: number; parentId: number | null },
      { accountId: number; after: number; limit: number }
    >(
      `SELECT id, in_reply_to_id AS parentId FROM posts
       WHERE account_id = $accountId AND id > $after ORDER BY id LIMIT $limit`,
    )
    .all({ accountId, after, limit });
}

/** Adds to an account's number of open posts and finds the day of its newest one. */
export function countPost(db: Database, accountId: number, change: 1 | -1): void {
  db.query(
    `UPDATE accounts SET posts_count = posts_count + $change,
       last_post_at = (SELECT published_at ${OPEN_POSTS} ORDER BY p.id DESC LIMIT 1)
     WHERE id = $accountId`,
  ).run({ accountId, change });
}

/** The id of the last of the next posts after an id, or null where there are none. */
export function findPostAfter(db: Database, after: number, limit: number): number | null {
  const row = db
    .query<{ id: number | null }, { after: number; limit: number }>(
      `SELECT max(id) AS id FROM
         (SELECT id FROM posts WHERE id > $after ORDER BY id LIMIT $limit)`,
    )
    .get({ after, limit });
  return row?.id ?? null;
}

/** Sets wrong numbers of comments right, from one id (exclusive) to another, and says how many there were. */
export function correctReplies(db: Database, range: { after: number; until: number }): number {
  return db
    .query<{ id: number }, { after: number; until: number }>(
      `UPDATE posts SET replies_count = ${REPLIES}
       WHERE id > $after AND id <= $until AND replies_count <> ${REPLIES} RETURNING id`,
    )
    .all(range).length;
}

/** Sets the number of an account's open posts right; true if it was wrong. */
export function correctPosts(db: Database, accountId: number): boolean {
  return (
    db
      .query<{ id: number }, { accountId: number }>(
        `UPDATE accounts SET posts_count = (SELECT count(*) ${OPEN_POSTS})
         WHERE id = $accountId AND posts_count <> (SELECT count(*) ${OPEN_POSTS}) RETURNING id`,
      )
      .get({ accountId }) !== null
  );
}
