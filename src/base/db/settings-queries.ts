import type { Database } from 'bun:sqlite';

/** The stored text of a setting, or null. */
export function findSetting(db: Database, key: string): string | null {
  const row = db
    .query<{ value: string }, { key: string }>('SELECT value FROM settings WHERE key = $key')
    .get({ key });
  return row?.value ?? null;
}

/** Stores the text of a setting. */
export function saveSetting(db: Database, key: string, value: string, now: number): void {
  db.query(
    `INSERT INTO settings (key, value, updated_at) VALUES ($key, $value, $now)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
  ).run({ key, value, now });
}

/** Forgets a setting: its default holds again. */
export function deleteSetting(db: Database, key: string): void {
  db.query('DELETE FROM settings WHERE key = $key').run({ key });
}
