import type { Database } from 'bun:sqlite';

/** What a person allowed an app, until it is turned into a token; times in milliseconds. */
export type OauthCodeRow = {
  codeHash: string;
  appId: number;
  accountId: number;
  redirectUri: string;
  /** Separated by spaces. */
  scopes: string;
  /** S256 of RFC 7636, or null for apps without PKCE. */
  challenge: string | null;
  expiresAt: number;
  /** The token that it became; null: it is unused. */
  tokenId: number | null;
};

/** Stores a code. */
export function insertOauthCode(db: Database, row: Omit<OauthCodeRow, 'tokenId'>): void {
  db.query(
    `INSERT INTO oauth_codes (code_hash, app_id, account_id, redirect_uri, scopes, challenge, expires_at)
     VALUES ($codeHash, $appId, $accountId, $redirectUri, $scopes, $challenge, $expiresAt)`,
  ).run(row);
}

/** The code with that hash, used and too old ones as well. */
export function findOauthCode(db: Database, codeHash: string): OauthCodeRow | null {
  return db
    .query<OauthCodeRow, { codeHash: string }>(
      `SELECT code_hash AS codeHash, app_id AS appId, account_id AS accountId,
         redirect_uri AS redirectUri, scopes, challenge, expires_at AS expiresAt,
         token_id AS tokenId
       FROM oauth_codes WHERE code_hash = $codeHash`,
    )
    .get({ codeHash });
}

/** Notes which token a code became. */
export function useOauthCode(db: Database, codeHash: string, tokenId: number): void {
  db.query('UPDATE oauth_codes SET token_id = $tokenId WHERE code_hash = $codeHash').run({
    codeHash,
    tokenId,
  });
}

/** Ends what an account allowed and no app has fetched yet; with `appId` only that app's. */
export function deleteOauthCodes(db: Database, accountId: number, appId: number | null): void {
  db.query(
    'DELETE FROM oauth_codes WHERE account_id = $accountId AND app_id = ifnull($appId, app_id)',
  ).run({ accountId, appId });
}

/** Forgets codes that were over before `before`. */
export function deleteOldOauthCodes(db: Database, before: number): void {
  db.query('DELETE FROM oauth_codes WHERE expires_at < $before').run({ before });
}
