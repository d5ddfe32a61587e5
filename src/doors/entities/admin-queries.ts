import type { Database } from 'bun:sqlite';

/** The addresses of people of this instance; for admins alone. */
export function findEmails(db: Database, ids: readonly number[]): Map<number, string> {
  const rows = db
    .query<{ id: number; email: string }, { ids: string }>(
      `SELECT account_id AS id, email FROM logins
       WHERE account_id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(ids) });
  return new Map(rows.map((row) => [row.id, row.email]));
}
