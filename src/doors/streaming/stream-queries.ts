import type { Database } from 'bun:sqlite';

/** Whether a list is this account's. */
export function ownsList(db: Database, accountId: number, listId: number): boolean {
  return (
    db
      .query('SELECT 1 FROM lists WHERE id = $listId AND account_id = $accountId')
      .get({ listId, accountId }) !== null
  );
}

/** Those of the tokens that open something now, in one statement; `now` in milliseconds. */
export function findLiveTokens(db: Database, ids: readonly number[], now: number): Set<number> {
  if (ids.length === 0) return new Set();
  const rows = db
    .query<{ id: number }, { ids: string; now: number }>(
      `SELECT t.id FROM json_each($ids) j CROSS JOIN access_tokens t ON t.id = j.value
         CROSS JOIN accounts a ON a.id = t.account_id
       WHERE a.suspended_at IS NULL AND a.role IS NOT NULL
         AND (t.expires_at IS NULL OR t.expires_at > $now)`,
    )
    .all({ ids: JSON.stringify(ids), now });
  return new Set(rows.map((row) => row.id));
}

/** The same of sessions, by their stored ids. */
export function findLiveSessions(db: Database, ids: readonly string[], now: number): Set<string> {
  if (ids.length === 0) return new Set();
  const rows = db
    .query<{ id: string }, { ids: string; seconds: number }>(
      `SELECT s.id FROM json_each($ids) j CROSS JOIN sessions s ON s.id = j.value
         CROSS JOIN accounts a ON a.id = s.user_id
       WHERE a.suspended_at IS NULL AND a.role IS NOT NULL AND s.expires_at > $seconds`,
    )
    .all({ ids: JSON.stringify(ids), seconds: Math.floor(now / 1000) });
  return new Set(rows.map((row) => row.id));
}
