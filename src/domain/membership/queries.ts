import type { Database } from 'bun:sqlite';

/** Ids of photos that an account still has. */
export function findMediaIdsOf(db: Database, accountId: number, limit: number): number[] {
  return db
    .query<{ id: number }, { accountId: number; limit: number }>(
      'SELECT id FROM media WHERE account_id = $accountId LIMIT $limit',
    )
    .all({ accountId, limit })
    .map((row) => row.id);
}

/** Names of files that an account still has: avatars, and what an interrupted upload left. */
export function findBlobNamesOf(db: Database, accountId: number): string[] {
  return db
    .query<{ name: string }, { accountId: number }>(
      'SELECT name FROM blobs WHERE account_id = $accountId',
    )
    .all({ accountId })
    .map((row) => row.name);
}
