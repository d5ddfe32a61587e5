import type { Database } from 'bun:sqlite';
import { type AccountRow, findAccounts } from './queries.ts';

/** Accounts whose user name begins with a text or whose name contains it: people of here first. */
export function findAccountsByText(db: Database, text: string, limit: number): AccountRow[] {
  const escaped = text.replace(/[\\%_]/g, '\\$&');
  const ids = db
    .query<{ id: number }, { starts: string; contains: string; limit: number }>(
      `SELECT id FROM accounts
       WHERE (username LIKE $starts ESCAPE '\\' OR display_name LIKE $contains ESCAPE '\\')
         AND suspended_at IS NULL AND deletion_at IS NULL
       ORDER BY domain IS NOT NULL, username LIKE $starts ESCAPE '\\' DESC,
         followers_count DESC, id LIMIT $limit`,
    )
    .all({ starts: `${escaped}%`, contains: `%${escaped}%`, limit })
    .map((row) => row.id);
  const rows = findAccounts(db, ids);
  return ids.flatMap((id) => rows.get(id) ?? []);
}
