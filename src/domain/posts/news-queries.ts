import type { Database } from 'bun:sqlite';

/** Accounts of this instance that want to hear of every post of somebody. */
export function listWaiting(db: Database, followeeId: number): number[] {
  return db
    .query<{ id: number }, { followeeId: number }>(
      `SELECT f.follower_id AS id FROM follows f JOIN accounts a ON a.id = f.follower_id
       WHERE f.followee_id = $followeeId AND f.state = 'accepted' AND f.notify = 1
         AND a.role IS NOT NULL`,
    )
    .all({ followeeId })
    .map((row) => row.id);
}

/** Accounts of this instance that boosted or answered a post. */
export function listCompany(db: Database, postId: number): number[] {
  return db
    .query<{ id: number }, { postId: number }>(
      `SELECT id FROM accounts WHERE role IS NOT NULL AND id IN (
         SELECT account_id FROM shares WHERE post_id = $postId
         UNION SELECT account_id FROM posts WHERE in_reply_to_id = $postId)`,
    )
    .all({ postId })
    .map((row) => row.id);
}
