import type { Database } from 'bun:sqlite';
import type { ActorType } from './remote-types.ts';
import type { Role } from './viewer.ts';

/** A row of `accounts`; flags are 0 or 1, times milliseconds. */
export type AccountRow = {
  id: number;
  username: string;
  /** null: an account of this instance. */
  domain: string | null;
  /** null for remote accounts. */
  role: Role | null;
  displayName: string;
  bio: string;
  website: string;
  location: string;
  pronouns: string;
  /** JSON: up to four of `{ name, value }`; see `readFields`. */
  fields: string;
  avatarBlob: string | null;
  locked: number;
  discoverable: number;
  indexable: number;
  /** 1: search engines are asked to stay away. */
  noindex: number;
  postsCount: number;
  followersCount: number;
  followingCount: number;
  lastPostAt: number | null;
  createdAt: number;
  suspendedAt: number | null;
  deletionAt: number | null;
  /** Grows with every change that others can see. */
  rev: number;
  /** The actor's id on its server; null for accounts of this instance, like most of what follows. */
  uri: string | null;
  actorType: ActorType;
  /** The page for people, on its own server. */
  url: string | null;
  /** Clean HTML; empty for local accounts, which have `bio` alone. */
  bioHtml: string;
  inboxUrl: string | null;
  sharedInboxUrl: string | null;
  outboxUrl: string | null;
  followersUrl: string | null;
  followingUrl: string | null;
  featuredUrl: string | null;
  avatarUrl: string | null;
  headerUrl: string | null;
  /** JSON list of actor ids that are the same person. */
  alsoKnownAs: string;
  movedToId: number | null;
  movedAt: number | null;
  /** 1: who follows and is followed is nobody else's business. */
  hideCollections: number;
  /** When the actor was last read from its server. */
  fetchedAt: number | null;
  /** 1: a moderator keeps it out of public lists and of notifications of who does not follow it. */
  limited: number;
};

const COLUMNS = `id, username, domain, role, display_name AS displayName, bio, website, location,
  pronouns, fields, avatar_blob AS avatarBlob, locked, discoverable, indexable, noindex, posts_count AS postsCount,
  followers_count AS followersCount, following_count AS followingCount,
  last_post_at AS lastPostAt, created_at AS createdAt, suspended_at AS suspendedAt,
  deletion_at AS deletionAt, rev, uri, actor_type AS actorType, url, bio_html AS bioHtml,
  inbox_url AS inboxUrl, shared_inbox_url AS sharedInboxUrl, outbox_url AS outboxUrl,
  followers_url AS followersUrl, following_url AS followingUrl, featured_url AS featuredUrl,
  avatar_url AS avatarUrl, header_url AS headerUrl, also_known_as AS alsoKnownAs,
  moved_to_id AS movedToId, moved_at AS movedAt, hide_collections AS hideCollections,
  fetched_at AS fetchedAt, limited`;

/** One account by its id, suspended ones too. */
export function findAccount(db: Database, id: number): AccountRow | null {
  return db
    .query<AccountRow, { id: number }>(`SELECT ${COLUMNS} FROM accounts WHERE id = $id`)
    .get({ id });
}

/** The local account of that name, upper and lower case alike. */
export function findAccountByUsername(db: Database, username: string): AccountRow | null {
  return db
    .query<AccountRow, { username: string }>(
      `SELECT ${COLUMNS} FROM accounts
       WHERE lower(username) = lower($username) AND ifnull(lower(domain), '') = ''`,
    )
    .get({ username });
}

/** The account of another server with that actor id. */
export function findAccountByUri(db: Database, uri: string): AccountRow | null {
  return db
    .query<AccountRow, { uri: string }>(`SELECT ${COLUMNS} FROM accounts WHERE uri = $uri`)
    .get({ uri });
}

/** The account of a handle, upper and lower case alike; `domain` null means this instance. */
export function findAccountByHandle(
  db: Database,
  username: string,
  domain: string | null,
): AccountRow | null {
  return db
    .query<AccountRow, { username: string; domain: string }>(
      `SELECT ${COLUMNS} FROM accounts
       WHERE lower(username) = lower($username) AND ifnull(lower(domain), '') = lower($domain)`,
    )
    .get({ username, domain: domain ?? '' });
}

/** Many accounts at once, by id; unknown ids are left out. */
export function findAccounts(db: Database, ids: readonly number[]): Map<number, AccountRow> {
  const rows = db
    .query<AccountRow, { ids: string }>(
      `SELECT ${COLUMNS} FROM accounts WHERE id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(ids) });
  return new Map(rows.map((row) => [row.id, row]));
}

export type LocalAccountRow = AccountRow & {
  /** Only its owner and admins see it. */
  email: string;
};

const LOCAL = `SELECT ${COLUMNS}, (SELECT email FROM logins WHERE account_id = accounts.id) AS email
  FROM accounts`;

/** Every account of this instance, oldest first. */
export function findLocalAccounts(db: Database): LocalAccountRow[] {
  return db.query<LocalAccountRow, []>(`${LOCAL} WHERE role IS NOT NULL ORDER BY id`).all();
}

/** A page of the accounts of this instance, newest first; `minId` asks for the page just above it. */
export function findLocalAccountsPage(
  db: Database,
  page: { limit: number; maxId: number | null; minId: number | null },
): LocalAccountRow[] {
  const upwards = page.minId !== null;
  const rows = db
    .query<LocalAccountRow, { limit: number; maxId: number; minId: number }>(
      `${LOCAL} WHERE role IS NOT NULL AND id < $maxId AND id > $minId
       ORDER BY id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      limit: page.limit,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      minId: page.minId ?? 0,
    });
  return upwards ? rows.reverse() : rows;
}

/** The accounts of this instance that store most, the fullest first. */
export function findFullestAccounts(db: Database, limit: number): LocalAccountRow[] {
  return db
    .query<LocalAccountRow, { limit: number }>(
      `${LOCAL} LEFT JOIN usage ON usage.account_id = accounts.id
       WHERE role IS NOT NULL
       ORDER BY ifnull(original_bytes + rendition_bytes, 0) DESC, id LIMIT $limit`,
    )
    .all({ limit });
}

/** The one owner, or null before set-up. */
export function findOwner(db: Database): AccountRow | null {
  return db.query<AccountRow, []>(`SELECT ${COLUMNS} FROM accounts WHERE role = 'owner'`).get();
}

/** Writes the row of a new local account. */
export function insertAccount(
  db: Database,
  row: { id: number; username: string; role: Role; displayName: string; now: number },
): void {
  db.query(
    `INSERT INTO accounts (id, username, role, display_name, created_at)
     VALUES ($id, $username, $role, $displayName, $now)`,
  ).run(row);
}

/** Changes what a profile shows. */
export function updateProfile(
  db: Database,
  row: {
    id: number;
    displayName: string;
    bio: string;
    website: string;
    location: string;
    pronouns: string;
    fields: string;
    locked: number;
    discoverable: number;
    indexable: number;
    noindex: number;
  },
): void {
  db.query(
    `UPDATE accounts SET display_name = $displayName, bio = $bio, website = $website,
       location = $location, pronouns = $pronouns, fields = $fields, locked = $locked,
       discoverable = $discoverable, indexable = $indexable, noindex = $noindex WHERE id = $id`,
  ).run(row);
}

/** Points an account to its new picture, or to none. */
export function updateAvatar(db: Database, id: number, blobName: string | null): void {
  db.query('UPDATE accounts SET avatar_blob = $blobName WHERE id = $id').run({ id, blobName });
}

/** Gives an account a role; the index on owners refuses a second one. */
export function updateRole(db: Database, id: number, role: Role): void {
  db.query('UPDATE accounts SET role = $role WHERE id = $id').run({ id, role });
}

/** Suspends (a time) or restores (null). */
export function updateSuspension(db: Database, id: number, suspendedAt: number | null): void {
  db.query('UPDATE accounts SET suspended_at = $suspendedAt WHERE id = $id').run({
    id,
    suspendedAt,
  });
}

/** Sets the day on which everything of an account goes, or calls it off (null). */
export function updateDeletion(db: Database, id: number, deletionAt: number | null): void {
  db.query('UPDATE accounts SET deletion_at = $deletionAt WHERE id = $id').run({ id, deletionAt });
}

/** Removes the row of an account and, by the foreign keys, all rows that belong to it. */
export function deleteAccountRow(db: Database, id: number): void {
  db.query('DELETE FROM accounts WHERE id = $id').run({ id });
}
