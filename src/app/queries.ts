import type { Database } from 'bun:sqlite';

/** The newest id that was ever given out, so that a clock that went back does not give it again. */
export function findNewestId(db: Database): number {
  const row = db
    .query<{ id: number | null }, []>(
      `SELECT max(id) AS id FROM (
         SELECT max(id) AS id FROM accounts UNION ALL SELECT max(id) FROM posts
         UNION ALL SELECT max(id) FROM media UNION ALL SELECT max(id) FROM jobs
         UNION ALL SELECT max(id) FROM cron_runs UNION ALL SELECT max(id) FROM access_tokens
         UNION ALL SELECT max(id) FROM invites UNION ALL SELECT max(id) FROM reservations
         UNION ALL SELECT max(id) FROM notifications UNION ALL SELECT max(id) FROM shares
         UNION ALL SELECT max(id) FROM reports UNION ALL SELECT max(id) FROM inbox_items
         UNION ALL SELECT max(id) FROM activities UNION ALL SELECT max(id) FROM deliveries
         UNION ALL SELECT max(id) FROM oauth_apps UNION ALL SELECT max(id) FROM lists
         UNION ALL SELECT max(id) FROM filters UNION ALL SELECT max(id) FROM filter_keywords
         UNION ALL SELECT max(id) FROM scheduled_posts UNION ALL SELECT max(id) FROM conversations
         UNION ALL SELECT max(id) FROM push_subscriptions)`,
    )
    .get();
  return row?.id ?? 0;
}
