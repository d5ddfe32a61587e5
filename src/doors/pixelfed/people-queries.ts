import type { Database } from 'bun:sqlite';

/** Ids of people whom the viewer follows and who follow an account, those who joined last first. */
export function findFollowedFollowers(
  db: Database,
  viewerId: number,
  accountId: number,
  limit: number,
): number[] {
  return db
    .query<{ id: number }, { viewerId: number; accountId: number; limit: number }>(
      `SELECT a.id FROM follows mine
         JOIN follows theirs ON theirs.follower_id = mine.followee_id
           AND theirs.followee_id = $accountId AND theirs.state = 'accepted'
         JOIN accounts a ON a.id = mine.followee_id
       WHERE mine.follower_id = $viewerId AND mine.state = 'accepted'
         AND a.suspended_at IS NULL AND a.deletion_at IS NULL AND a.hide_collections = 0
       ORDER BY a.id DESC LIMIT $limit`,
    )
    .all({ viewerId, accountId, limit })
    .map((row) => row.id);
}

/** Ids of people who follow the viewer and are followed back: whom one writes to. */
export function findFriends(db: Database, viewerId: number, limit: number): number[] {
  return db
    .query<{ id: number }, { viewerId: number; limit: number }>(
      `SELECT a.id FROM follows mine
         JOIN follows theirs ON theirs.follower_id = mine.followee_id
           AND theirs.followee_id = $viewerId AND theirs.state = 'accepted'
         JOIN accounts a ON a.id = mine.followee_id
       WHERE mine.follower_id = $viewerId AND mine.state = 'accepted'
         AND a.suspended_at IS NULL AND a.deletion_at IS NULL
       ORDER BY a.id DESC LIMIT $limit`,
    )
    .all({ viewerId, limit })
    .map((row) => row.id);
}
