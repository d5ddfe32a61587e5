import type { Database } from 'bun:sqlite';

/** True if somebody of this instance follows an account. */
export function hasLocalFollower(db: Database, accountId: number): boolean {
  return (
    db
      .query(
        `SELECT 1 FROM follows f JOIN accounts a ON a.id = f.follower_id
         WHERE f.followee_id = $accountId AND f.state = 'accepted' AND a.role IS NOT NULL LIMIT 1`,
      )
      .get({ accountId }) !== null
  );
}
