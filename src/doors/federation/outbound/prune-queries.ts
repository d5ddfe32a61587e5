import type { Database } from 'bun:sqlite';

type Bound = { before: number; limit: number };

/** Keeps in mind where posts went whose deliveries are forgotten next. */
export function keepAudience(db: Database, bound: Bound): void {
  db.query(
    `INSERT INTO post_audience (post_id, inbox)
     SELECT a.post_id, d.inbox
     FROM (SELECT id, activity_id, inbox FROM deliveries
           WHERE finished_at < $before ORDER BY finished_at LIMIT $limit) d
       JOIN activities a ON a.id = d.activity_id JOIN posts p ON p.id = a.post_id
     WHERE a.type IN ('Create', 'Update') AND p.archived_at IS NULL
     ON CONFLICT DO NOTHING`,
  ).run(bound);
}

/** Forgets the oldest deliveries that ended before a time; gives how many. */
export function deleteOldDeliveries(db: Database, bound: Bound): number {
  return db
    .query(
      `DELETE FROM deliveries WHERE id IN
         (SELECT id FROM deliveries WHERE finished_at < $before ORDER BY finished_at LIMIT $limit)`,
    )
    .run(bound).changes;
}

/** Forgets old activities that nothing is to be delivered of any more; gives how many. */
export function deleteOldActivities(db: Database, bound: Bound): number {
  return db
    .query(
      `DELETE FROM activities WHERE id IN
         (SELECT a.id FROM activities a WHERE a.created_at < $before AND NOT EXISTS
           (SELECT 1 FROM deliveries d WHERE d.activity_id = a.id) LIMIT $limit)`,
    )
    .run(bound).changes;
}

/** Forgets where posts went that are gone; gives how many. */
export function deleteLooseAudience(db: Database, limit: number): number {
  return db
    .query(
      `DELETE FROM post_audience WHERE (post_id, inbox) IN
         (SELECT post_id, inbox FROM post_audience
          WHERE post_id NOT IN (SELECT id FROM posts) LIMIT $limit)`,
    )
    .run({ limit }).changes;
}

/** Accounts that are gone, whose keys nothing waits for any more. */
export function listIdleKeys(db: Database, limit: number): number[] {
  return db
    .query<{ accountId: number }, { limit: number }>(
      `SELECT account_id AS accountId FROM signing_keys k
       WHERE account_id <> 0 AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = k.account_id)
         AND NOT EXISTS (SELECT 1 FROM activities WHERE account_id = k.account_id)
         AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'federation.distribute')
       LIMIT $limit`,
    )
    .all({ limit })
    .map(({ accountId }) => accountId);
}
