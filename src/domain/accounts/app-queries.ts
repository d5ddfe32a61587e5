import type { Database } from 'bun:sqlite';

/** A row of `oauth_apps`; times in milliseconds. */
export type AppRow = {
  id: number;
  clientId: string;
  secretHash: string;
  name: string;
  /** Empty: it named none. */
  website: string;
  /** JSON list. */
  redirectUris: string;
  /** Separated by spaces. */
  scopes: string;
  createdAt: number;
};

/** An app that a person let in, as the person sees it. */
export type AppAccess = {
  id: number;
  name: string;
  website: string;
  /** Of all its tokens together, separated by spaces, some twice. */
  scopes: string;
  /** How often it was let in: devices, or the same one again. */
  tokens: number;
  createdAt: number;
  lastUsedAt: number | null;
};

const COLUMNS = `id, client_id AS clientId, secret_hash AS secretHash, name, website,
  redirect_uris AS redirectUris, scopes, created_at AS createdAt`;

/** Stores a new app. */
export function insertApp(db: Database, row: AppRow): void {
  db.query(
    `INSERT INTO oauth_apps (id, client_id, secret_hash, name, website, redirect_uris, scopes, created_at)
     VALUES ($id, $clientId, $secretHash, $name, $website, $redirectUris, $scopes, $createdAt)`,
  ).run(row);
}

/** The app that calls itself so. */
export function findAppByClientId(db: Database, clientId: string): AppRow | null {
  return db
    .query<AppRow, { clientId: string }>(
      `SELECT ${COLUMNS} FROM oauth_apps WHERE client_id = $clientId`,
    )
    .get({ clientId });
}

/** One app by its id. */
export function findAppById(db: Database, id: number): AppRow | null {
  return db
    .query<AppRow, { id: number }>(`SELECT ${COLUMNS} FROM oauth_apps WHERE id = $id`)
    .get({ id });
}

/** Notes that an app asked for a token. */
export function touchApp(db: Database, id: number, now: number): void {
  db.query('UPDATE oauth_apps SET last_used_at = $now WHERE id = $id').run({ id, now });
}

/** The apps that hold tokens of an account, the last used first. */
export function findAppsOf(db: Database, accountId: number): AppAccess[] {
  return db
    .query<AppAccess, { accountId: number }>(
      `SELECT oauth_apps.id, oauth_apps.name, website,
         group_concat(access_tokens.scopes, ' ') AS scopes, count(*) AS tokens,
         min(access_tokens.created_at) AS createdAt, max(access_tokens.last_used_at) AS lastUsedAt
       FROM access_tokens JOIN oauth_apps ON oauth_apps.id = app_id
       WHERE account_id = $accountId
       GROUP BY oauth_apps.id
       ORDER BY ifnull(max(access_tokens.last_used_at), min(access_tokens.created_at)) DESC, oauth_apps.id`,
    )
    .all({ accountId });
}

/** Forgets apps registered before `before` that nobody let in; one that comes back registers again. */
export function deleteUnusedApps(db: Database, before: number): void {
  db.query(
    `DELETE FROM oauth_apps
     WHERE created_at < $before AND ifnull(last_used_at, 0) < $before
       AND NOT EXISTS (SELECT 1 FROM access_tokens WHERE app_id = oauth_apps.id)
       AND NOT EXISTS (SELECT 1 FROM app_tokens WHERE app_id = oauth_apps.id)
       AND NOT EXISTS (SELECT 1 FROM oauth_codes WHERE app_id = oauth_apps.id)`,
  ).run({ before });
}
