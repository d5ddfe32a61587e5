import type { Database } from 'bun:sqlite';

/** A token of an app itself, nobody's; times in milliseconds. */
export type AppTokenRow = {
  tokenHash: string;
  appId: number;
  /** Separated by spaces. */
  scopes: string;
  createdAt: number;
  expiresAt: number;
};

/** Stores the hash of an app's own token. */
export function insertAppToken(db: Database, row: AppTokenRow): void {
  db.query(
    `INSERT INTO app_tokens (token_hash, app_id, scopes, created_at, expires_at)
     VALUES ($tokenHash, $appId, $scopes, $createdAt, $expiresAt)`,
  ).run(row);
}

/** The app's own token with that hash. */
export function findAppToken(db: Database, tokenHash: string): AppTokenRow | null {
  return db
    .query<AppTokenRow, { tokenHash: string }>(
      `SELECT token_hash AS tokenHash, app_id AS appId, scopes, created_at AS createdAt,
         expires_at AS expiresAt
       FROM app_tokens WHERE token_hash = $tokenHash`,
    )
    .get({ tokenHash });
}

/** Ends one token of an app. */
export function deleteAppToken(db: Database, tokenHash: string): void {
  db.query('DELETE FROM app_tokens WHERE token_hash = $tokenHash').run({ tokenHash });
}

/** Keeps the newest tokens of an app, so that asking again and again fills nothing. */
export function trimAppTokens(db: Database, appId: number, keep: number): void {
  db.query(
    `DELETE FROM app_tokens WHERE app_id = $appId AND token_hash NOT IN (
       SELECT token_hash FROM app_tokens WHERE app_id = $appId
       ORDER BY created_at DESC LIMIT $keep)`,
  ).run({ appId, keep });
}

/** Forgets tokens that are over. */
export function deleteOldAppTokens(db: Database, now: number): void {
  db.query('DELETE FROM app_tokens WHERE expires_at <= $now').run({ now });
}
