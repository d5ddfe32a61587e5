import type { Database } from 'bun:sqlite';

/** How an account is called in documents: by its own server's ids, which a local account (`uri` null) gets from its name. */
export type Named = {
  id: number;
  username: string;
  domain: string | null;
  uri: string | null;
  /** Of a remote account, where its server has such a thing. */
  followersUrl: string | null;
};

/** Many accounts at once, with their ids in the fediverse. */
export function findNamed(db: Database, accountIds: readonly number[]): Map<number, Named> {
  const rows = db
    .query<Named, { ids: string }>(
      `SELECT id, username, domain, uri, followers_url AS followersUrl FROM accounts
       WHERE id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(accountIds) });
  return new Map(rows.map((row) => [row.id, row]));
}

/** What a post answers: only what decides whether and how it is named. */
export type ParentRow = {
  id: number;
  accountId: number;
  audienceId: number;
  visibility: 'public' | 'unlisted' | 'followers' | 'self' | 'direct';
  /** null: a post of this instance. */
  uri: string | null;
  /** Of its author. */
  username: string;
  /** 1: not to be spoken of: archived, or its author is suspended or leaving. */
  hidden: number;
};

/** Many posts that are answered, by id. */
export function findParents(db: Database, ids: readonly number[]): Map<number, ParentRow> {
  const rows = db
    .query<ParentRow, { ids: string }>(
      `SELECT p.id, p.account_id AS accountId, p.audience_id AS audienceId, p.visibility, p.uri, a.username,
         p.archived_at IS NOT NULL OR a.suspended_at IS NOT NULL
           OR a.deletion_at IS NOT NULL AS hidden
       FROM posts p JOIN accounts a ON a.id = p.account_id
       WHERE p.id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(ids) });
  return new Map(rows.map((row) => [row.id, row]));
}
