import type { Database } from 'bun:sqlite';
import type { Role } from './viewer.ts';

export type TokenInfo = {
  id: number;
  name: string;
  /** Separated by spaces. */
  scopes: string;
  createdAt: number;
  lastUsedAt: number | null;
};

export type TokenOwner = TokenInfo & { accountId: number; username: string; role: Role };

/** The token with that hash and whose it is; none of a suspended account. */
export function findToken(db: Database, tokenHash: string): TokenOwner | null {
  return db
    .query<TokenOwner, { tokenHash: string }>(
      `SELECT access_tokens.id, access_tokens.name, scopes,
         access_tokens.created_at AS createdAt, last_used_at AS lastUsedAt,
         account_id AS accountId, username, role
       FROM access_tokens JOIN accounts ON accounts.id = account_id
       WHERE token_hash = $tokenHash AND suspended_at IS NULL AND role IS NOT NULL`,
    )
    .get({ tokenHash });
}

/** The tokens of an account, newest first. */
export function findTokens(db: Database, accountId: number): TokenInfo[] {
  return db
    .query<TokenInfo, { accountId: number }>(
      `SELECT id, name, scopes, created_at AS createdAt, last_used_at AS lastUsedAt
       FROM access_tokens WHERE account_id = $accountId ORDER BY id DESC`,
    )
    .all({ accountId });
}

/** Stores the hash of a new token. */
export function insertToken(
  db: Database,
  row: {
    id: number;
    tokenHash: string;
    accountId: number;
    name: string;
    scopes: string;
    now: number;
  },
): void {
  db.query(
    `INSERT INTO access_tokens (id, token_hash, account_id, name, scopes, created_at)
     VALUES ($id, $tokenHash, $accountId, $name, $scopes, $now)`,
  ).run(row);
}

/** Notes that a token was used. */
export function touchToken(db: Database, id: number, now: number): void {
  db.query('UPDATE access_tokens SET last_used_at = $now WHERE id = $id').run({ id, now });
}

/** Ends a token of an account; false if there was none. */
export function deleteToken(db: Database, accountId: number, id: number): boolean {
  return (
    db
      .query('DELETE FROM access_tokens WHERE id = $id AND account_id = $accountId')
      .run({ id, accountId }).changes > 0
  );
}

/** Ends all tokens of an account. */
export function deleteTokens(db: Database, accountId: number): void {
  db.query('DELETE FROM access_tokens WHERE account_id = $accountId').run({ accountId });
}
