import type { Database } from 'bun:sqlite';

/** What is stored of an account of another server; flags are 0 or 1. */
export type RemoteAccountRow = {
  id: number;
  uri: string;
  username: string;
  domain: string;
  actorType: string;
  displayName: string;
  bio: string;
  bioHtml: string;
  fields: string;
  url: string | null;
  inboxUrl: string;
  sharedInboxUrl: string | null;
  outboxUrl: string | null;
  followersUrl: string | null;
  followingUrl: string | null;
  featuredUrl: string | null;
  avatarUrl: string | null;
  headerUrl: string | null;
  locked: number;
  discoverable: number;
  indexable: number;
  hideCollections: number;
  alsoKnownAs: string;
  movedToId: number | null;
  createdAt: number;
  fetchedAt: number;
};

/** Stores an account of another server, or what is new of it; its creation, and when it moved, stay as first known. */
export function saveRemoteAccount(db: Database, row: RemoteAccountRow): void {
  db.query(
    `INSERT INTO accounts (id, uri, username, domain, actor_type, display_name, bio, bio_html,
       fields, url, inbox_url, shared_inbox_url, outbox_url, followers_url, following_url,
       featured_url, avatar_url, header_url, locked, discoverable, indexable, hide_collections,
       also_known_as, moved_to_id, moved_at, created_at, fetched_at)
     VALUES ($id, $uri, $username, $domain, $actorType, $displayName, $bio, $bioHtml, $fields, $url,
       $inboxUrl, $sharedInboxUrl, $outboxUrl, $followersUrl, $followingUrl, $featuredUrl,
       $avatarUrl, $headerUrl, $locked, $discoverable, $indexable, $hideCollections, $alsoKnownAs,
       $movedToId, CASE WHEN $movedToId IS NULL THEN NULL ELSE $fetchedAt END, $createdAt,
       $fetchedAt)
     ON CONFLICT (id) DO UPDATE SET username = excluded.username, domain = excluded.domain,
       actor_type = excluded.actor_type, display_name = excluded.display_name, bio = excluded.bio,
       bio_html = excluded.bio_html, fields = excluded.fields, url = excluded.url,
       inbox_url = excluded.inbox_url, shared_inbox_url = excluded.shared_inbox_url,
       outbox_url = excluded.outbox_url, followers_url = excluded.followers_url,
       following_url = excluded.following_url, featured_url = excluded.featured_url,
       avatar_url = excluded.avatar_url, header_url = excluded.header_url,
       locked = excluded.locked, discoverable = excluded.discoverable,
       indexable = excluded.indexable, hide_collections = excluded.hide_collections,
       also_known_as = excluded.also_known_as, moved_to_id = excluded.moved_to_id,
       moved_at = ifnull(accounts.moved_at, excluded.moved_at), fetched_at = excluded.fetched_at`,
  ).run(row);
}

/** Takes a handle from whoever else has it: that name means somebody new on its server. */
export function freeHandle(
  db: Database,
  handle: { username: string; domain: string; id: number },
): void {
  db.query(
    `UPDATE accounts SET username = username || '~' || id
     WHERE lower(username) = lower($username) AND ifnull(lower(domain), '') = lower($domain)
       AND id <> $id`,
  ).run(handle);
}

/** Stores the public key of a remote account, its only one; another account's key keeps its id. */
export function saveRemoteKey(
  db: Database,
  key: { id: string; accountId: number; pem: string; fetchedAt: number },
): void {
  db.query('DELETE FROM remote_keys WHERE account_id = $accountId AND id <> $id').run({
    accountId: key.accountId,
    id: key.id,
  });
  db.query(
    `INSERT INTO remote_keys (id, account_id, pem, fetched_at)
     VALUES ($id, $accountId, $pem, $fetchedAt)
     ON CONFLICT (id) DO UPDATE SET pem = excluded.pem, fetched_at = excluded.fetched_at
     WHERE account_id = excluded.account_id`,
  ).run(key);
}
