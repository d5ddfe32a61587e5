import type { Database } from 'bun:sqlite';

/** Ids of the posts that hang at the top of a profile, the last pinned first. */
export function listPinnedIds(db: Database, accountId: number): number[] {
  return db
    .query<{ id: number }, { accountId: number }>(
      `SELECT post_id AS id FROM featured WHERE account_id = $accountId
       ORDER BY created_at DESC, post_id DESC LIMIT 20`,
    )
    .all({ accountId })
    .map((row) => row.id);
}
