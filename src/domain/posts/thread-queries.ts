import type { Database } from 'bun:sqlite';

/** Notes that the answers to a remote post are being asked for; false if that was done since a time. */
export function claimThread(
  db: Database,
  row: { postId: number; since: number; now: number },
): boolean {
  const { changes } = db
    .query(
      `UPDATE posts SET replies_fetched_at = $now
       WHERE id = $postId AND uri IS NOT NULL
         AND (replies_fetched_at IS NULL OR replies_fetched_at <= $since)`,
    )
    .run(row);
  return changes > 0;
}
