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

export type TokenOwner = TokenInfo & {
  accountId: number;
  username: string;
  role: Role;
  /** null: made by hand. */
  appId: number | null;
  /** null: never. */
  expiresAt: number | null;
};

/** What there is to renew about a token of an app. */
export type RenewableToken = { id: number; accountId: number; appId: number; scopes: string };

/** The token with that hash and whose it is; none of a suspended account. */
export function findToken(db: Database, tokenHash: string): TokenOwner | null {
  return db
    .query<TokenOwner, { tokenHash: string }>(
      `SELECT access_tokens.id, access_tokens.name, scopes,
         access_tokens.created_at AS createdAt, last_used_at AS lastUsedAt,
         account_id AS accountId, username, role, app_id AS appId, expires_at AS expiresAt
       FROM access_tokens JOIN accounts ON accounts.id = account_id
       WHERE token_hash = $tokenHash AND suspended_at IS NULL AND role IS NOT NULL`,
    )
    .get({ tokenHash });
}

/** The tokens of an account that were made by hand, newest first. */
export function findTokens(db: Database, accountId: number): TokenInfo[] {
  return db
    .query<TokenInfo, { accountId: number }>(
      `SELECT id, name, scopes, created_at AS createdAt, last_used_at AS lastUsedAt
       FROM access_tokens WHERE account_id = $accountId AND app_id IS NULL ORDER BY id DESC`,
    )
    .all({ accountId });
}

/** How many tokens an account has, made by hand or by apps. */
export function countTokens(db: Database, accountId: number): number {
  const row = db
    .query<{ count: number }, { accountId: number }>(
      'SELECT count(*) AS count FROM access_tokens WHERE account_id = $accountId',
    )
    .get({ accountId });
  return row?.count ?? 0;
}

/** The app's token that this refresh token renews; none of a suspended account. */
export function findTokenByRefresh(db: Database, refreshHash: string): RenewableToken | null {
  return db
    .query<RenewableToken, { refreshHash: string }>(
      `SELECT access_tokens.id, account_id AS accountId, app_id AS appId, scopes
       FROM access_tokens JOIN accounts ON accounts.id = account_id
       WHERE refresh_hash = $refreshHash AND app_id IS NOT NULL
         AND suspended_at IS NULL AND role IS NOT NULL`,
    )
    .get({ refreshHash });
}

/** The app's token that this refresh token renewed the last time. */
export function findTokenBySpentRefresh(db: Database, spent: string): RenewableToken | null {
  return db
    .query<RenewableToken, { spent: string }>(
      `SELECT id, account_id AS accountId, app_id AS appId, scopes
       FROM access_tokens WHERE spent_refresh_hash = $spent AND app_id IS NOT NULL`,
    )
    .get({ spent });
}

/** The token that is or renews to this secret, whoever holds it. */
export function findTokenByEither(
  db: Database,
  hash: string,
): { id: number; accountId: number; appId: number | null } | null {
  return db
    .query<{ id: number; accountId: number; appId: number | null }, { hash: string }>(
      `SELECT id, account_id AS accountId, app_id AS appId
       FROM access_tokens WHERE token_hash = $hash OR refresh_hash = $hash`,
    )
    .get({ hash });
}

/** Gives a token new secrets; the old ones end, what hangs on the token stays. */
export function renewSecrets(
  db: Database,
  row: { id: number; tokenHash: string; refreshHash: string; spent: string; expiresAt: number },
): void {
  db.query(
    `UPDATE access_tokens SET token_hash = $tokenHash, refresh_hash = $refreshHash,
       spent_refresh_hash = $spent, expires_at = $expiresAt
     WHERE id = $id`,
  ).run(row);
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
    appId: number | null;
    refreshHash: string | null;
    expiresAt: number | null;
  },
): void {
  db.query(
    `INSERT INTO access_tokens
       (id, token_hash, account_id, name, scopes, created_at, app_id, refresh_hash, expires_at)
     VALUES ($id, $tokenHash, $accountId, $name, $scopes, $now, $appId, $refreshHash, $expiresAt)`,
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

/** Ends all tokens of an account, with `appId` those of one app; answers which. */
export function deleteTokens(db: Database, accountId: number, appId: number | null): number[] {
  return db
    .query<{ id: number }, { accountId: number; appId: number | null }>(
      `DELETE FROM access_tokens
       WHERE account_id = $accountId AND ($appId IS NULL OR app_id = $appId) RETURNING id`,
    )
    .all({ accountId, appId })
    .map(({ id }) => id);
}

/** The ids of all tokens of an account. */
export function findTokenIds(db: Database, accountId: number): number[] {
  return db
    .query<{ id: number }, { accountId: number }>(
      'SELECT id FROM access_tokens WHERE account_id = $accountId',
    )
    .all({ accountId })
    .map(({ id }) => id);
}

/** Forgets tokens that ended before `before` and that nobody renewed. */
export function deleteOldTokens(db: Database, before: number): void {
  db.query('DELETE FROM access_tokens WHERE expires_at < $before').run({ before });
}
