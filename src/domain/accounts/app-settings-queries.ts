import type { Database } from 'bun:sqlite';

/** What the official Pixelfed app keeps on the server for somebody; `common` is its JSON. */
export type AppSettingsRow = { common: string; updatedAt: number };

/** What is kept for an account; null if nothing ever was. */
export function findAppSettings(db: Database, accountId: number): AppSettingsRow | null {
  return db
    .query<AppSettingsRow, { accountId: number }>(
      `SELECT common, updated_at AS updatedAt FROM app_settings WHERE account_id = $accountId`,
    )
    .get({ accountId });
}

/** Keeps the settings of an account instead of what was kept. */
export function saveAppSettings(
  db: Database,
  row: { accountId: number; common: string; now: number },
): void {
  db.query(
    `INSERT OR REPLACE INTO app_settings (account_id, common, updated_at)
     VALUES ($accountId, $common, $now)`,
  ).run(row);
}
