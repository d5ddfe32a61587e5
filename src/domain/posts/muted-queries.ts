import type { Database } from 'bun:sqlite';

/** Ids of a post and of everything that it answers, the first post of the thread last. */
export function listThreadIds(db: Database, postId: number): number[] {
  return db
    .query<{ id: number }, { postId: number }>(
      `WITH RECURSIVE up (id, parent, depth) AS (
         SELECT id, in_reply_to_id, 0 FROM posts WHERE id = $postId
         UNION ALL
         SELECT p.id, p.in_reply_to_id, up.depth + 1 FROM up JOIN posts p ON p.id = up.parent
         WHERE up.depth < 100)
       SELECT id FROM up ORDER BY depth`,
    )
    .all({ postId })
    .map((row) => row.id);
}

/** Notes that an account wants to hear nothing of a thread; `postId` is its first post. */
export function insertMutedThread(db: Database, accountId: number, postId: number): void {
  db.query(
    `INSERT INTO muted_threads (account_id, post_id) VALUES ($accountId, $postId)
     ON CONFLICT DO NOTHING`,
  ).run({ accountId, postId });
}

/** Forgets that for any of these posts. */
export function deleteMutedThreads(db: Database, accountId: number, postIds: number[]): void {
  db.query(
    `DELETE FROM muted_threads WHERE account_id = $accountId
       AND post_id IN (SELECT value FROM json_each($ids))`,
  ).run({ accountId, ids: JSON.stringify(postIds) });
}

/**
 * 1 where a post, in the table `p`, is part of a thread that `$viewerId` muted; asks nothing more of
 * those who muted none.
 */
export const IN_MUTED_THREAD = `CASE WHEN EXISTS (
    SELECT 1 FROM muted_threads WHERE account_id = $viewerId)
  THEN EXISTS (WITH RECURSIVE up (id, parent, depth) AS (
      SELECT p.id, p.in_reply_to_id, 0
      UNION ALL
      SELECT q.id, q.in_reply_to_id, up.depth + 1 FROM up JOIN posts q ON q.id = up.parent
      WHERE up.depth < 100)
    SELECT 1 FROM up JOIN muted_threads t ON t.post_id = up.id AND t.account_id = $viewerId)
  ELSE 0 END`;
