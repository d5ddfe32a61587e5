import type { Database } from 'bun:sqlite';

/** Somebody as archives name them; `domain` null: of this instance. */
export type Somebody = {
  id: number;
  username: string;
  domain: string | null;
  uri: string | null;
  displayName: string;
};
type Owner = { accountId: number };

const WHO = `a.id, a.username, a.domain, a.uri, a.display_name AS displayName`;

/** Many accounts at once. */
export function findPeople(db: Database, ids: readonly number[]): Map<number, Somebody> {
  const rows = db
    .query<Somebody, { ids: string }>(
      `SELECT ${WHO} FROM accounts a WHERE a.id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(ids) });
  return new Map(rows.map((row) => [row.id, row]));
}

export type FollowRow = Somebody & {
  kind: 'following' | 'follower';
  state: 'accepted' | 'requested';
  showShares: number;
  notify: number;
  at: number;
};

/** Whom an account follows, then who follows it; requests too, oldest first. */
export function* eachFollow(db: Database, accountId: number): Generator<FollowRow> {
  const COLUMNS = `f.state, f.show_shares AS showShares, f.notify, f.created_at AS at`;
  for (const [kind, own, other] of [
    ['following', 'follower_id', 'followee_id'],
    ['follower', 'followee_id', 'follower_id'],
  ] as const) {
    yield* db
      .query<FollowRow, Owner>(
        `SELECT ${WHO}, '${kind}' AS kind, ${COLUMNS} FROM follows f
           JOIN accounts a ON a.id = f.${other}
         WHERE f.${own} = $accountId ORDER BY f.created_at, a.id`,
      )
      .iterate({ accountId });
  }
}

/** Whom an account blocks, oldest first. */
export function* eachBlock(db: Database, accountId: number): Generator<Somebody & { at: number }> {
  yield* db
    .query<Somebody & { at: number }, Owner>(
      `SELECT ${WHO}, b.created_at AS at FROM blocks b JOIN accounts a ON a.id = b.target_id
       WHERE b.account_id = $accountId ORDER BY b.created_at, a.id`,
    )
    .iterate({ accountId });
}

type MuteRow = Somebody & { at: number; notifications: number; expiresAt: number | null };

/** Whom an account mutes, oldest first. */
export function* eachMute(db: Database, accountId: number): Generator<MuteRow> {
  yield* db
    .query<MuteRow, Owner>(
      `SELECT ${WHO}, m.created_at AS at, m.notifications, m.expires_at AS expiresAt
       FROM mutes m JOIN accounts a ON a.id = m.target_id
       WHERE m.account_id = $accountId ORDER BY m.created_at, a.id`,
    )
    .iterate({ accountId });
}

/** Servers that an account hides, oldest first. */
export function listDomains(db: Database, accountId: number): { domain: string; at: number }[] {
  return db
    .query<{ domain: string; at: number }, Owner>(
      `SELECT domain, created_at AS at FROM hidden_domains
       WHERE account_id = $accountId ORDER BY id`,
    )
    .all({ accountId });
}

/** First posts of the threads that an account wants no news of. */
export function listMutedThreads(
  db: Database,
  accountId: number,
): { id: number; uri: string | null; username: string }[] {
  return db
    .query<{ id: number; uri: string | null; username: string }, Owner>(
      `SELECT p.id, p.uri, a.username FROM muted_threads t JOIN posts p ON p.id = t.post_id
         JOIN accounts a ON a.id = p.account_id
       WHERE t.account_id = $accountId ORDER BY p.id`,
    )
    .all({ accountId });
}

/** Who is on the lists of an account, by list. */
export function listMembers(
  db: Database,
  accountId: number,
): Map<number, (Somebody & { listId: number })[]> {
  const rows = db
    .query<Somebody & { listId: number }, Owner>(
      `SELECT ${WHO}, l.id AS listId FROM lists l JOIN list_accounts la ON la.list_id = l.id
         JOIN accounts a ON a.id = la.account_id
       WHERE l.account_id = $accountId ORDER BY l.id, a.id`,
    )
    .all({ accountId });
  return Map.groupBy(rows, (row) => row.listId);
}

/** Addresses of single posts that the filters of an account name, by filter. */
export function listFilteredPosts(
  db: Database,
  accountId: number,
): { filterId: number; id: number; uri: string | null; username: string }[] {
  return db
    .query<{ filterId: number; id: number; uri: string | null; username: string }, Owner>(
      `SELECT f.id AS filterId, p.id, p.uri, a.username FROM filters f
         JOIN filter_posts s ON s.filter_id = f.id JOIN posts p ON p.id = s.post_id
         JOIN accounts a ON a.id = p.account_id
       WHERE f.account_id = $accountId ORDER BY s.id`,
    )
    .all({ accountId });
}

/** What an account noted about others. */
export function* eachNote(db: Database, accountId: number): Generator<Somebody & { text: string }> {
  yield* db
    .query<Somebody & { text: string }, Owner>(
      `SELECT ${WHO}, n.text FROM account_notes n JOIN accounts a ON a.id = n.target_id
       WHERE n.account_id = $accountId ORDER BY a.id`,
    )
    .iterate({ accountId });
}

/** Tags that an account follows or features, as they are written. */
export function listTags(
  db: Database,
  accountId: number,
  table: 'followed_tags' | 'featured_tags',
): string[] {
  return db
    .query<{ display: string }, Owner>(
      `SELECT t.display FROM ${table} f JOIN tags t ON t.id = f.tag_id
       WHERE f.account_id = $accountId ORDER BY f.created_at, t.id`,
    )
    .all({ accountId })
    .map((row) => row.display);
}
