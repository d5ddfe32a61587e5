import type { Database } from 'bun:sqlite';

// Wherever accounts are named; what hangs on them goes with them (keys, pins).
const NAMED = [
  'posts x WHERE x.account_id = a.id',
  'shares x WHERE x.account_id = a.id',
  'likes x WHERE x.account_id = a.id',
  'mentions x WHERE x.account_id = a.id',
  'follows x WHERE x.follower_id = a.id',
  'follows x WHERE x.followee_id = a.id',
  'blocks x WHERE x.account_id = a.id',
  'blocks x WHERE x.target_id = a.id',
  'notifications x WHERE x.from_id = a.id',
  'reports x WHERE x.reporter_id = a.id',
  'reports x WHERE x.target_id = a.id',
  'inbox_items x WHERE x.signer_id = a.id',
  'parked_activities x WHERE x.signer_id = a.id',
  'accounts x WHERE x.moved_to_id = a.id',
];
const UNNAMED = NAMED.map((place) => `NOT EXISTS (SELECT 1 FROM ${place})`).join(' AND ');

/**
 * The next remote accounts after an id, each with 1 if nothing here names it and it was last read
 * before a time. What moderators decided (suspended, limited) outlives everything.
 */
export function listRemoteWithUse(
  db: Database,
  page: { after: number; before: number; limit: number },
): { id: number; unused: number }[] {
  return db
    .query<{ id: number; unused: number }, typeof page>(
      `SELECT a.id, ifnull(a.fetched_at, 0) < $before AND a.suspended_at IS NULL
         AND a.limited = 0 AND ${UNNAMED} AS unused
       FROM accounts a WHERE a.id > $after AND a.uri IS NOT NULL ORDER BY a.id LIMIT $limit`,
    )
    .all(page);
}

/** Whether nothing here names a remote account, as of now. */
export function isUnused(db: Database, id: number): boolean {
  return (
    db
      .query(
        `SELECT 1 FROM accounts a WHERE a.id = $id AND a.uri IS NOT NULL
           AND a.suspended_at IS NULL AND a.limited = 0 AND ${UNNAMED}`,
      )
      .get({ id }) !== null
  );
}
