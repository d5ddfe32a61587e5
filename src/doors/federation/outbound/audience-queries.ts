import type { Database } from 'bun:sqlite';

/** Somebody on another server, and where letters to them go. */
export type Reader = {
  accountId: number;
  /** What stands after the @. */
  domain: string;
  inbox: string;
  /** null: that server has none. */
  sharedInbox: string | null;
};

const COLUMNS = `a.id AS accountId, a.domain, a.inbox_url AS inbox,
  a.shared_inbox_url AS sharedInbox`;
const REACHABLE = 'a.domain IS NOT NULL AND a.inbox_url IS NOT NULL AND a.suspended_at IS NULL';

/** The next remote followers of a local account after an id, at most so many. */
export function findRemoteFollowers(
  db: Database,
  accountId: number,
  after: number,
  limit: number,
): Reader[] {
  return db
    .query<Reader, { accountId: number; after: number; limit: number }>(
      `SELECT ${COLUMNS} FROM follows f JOIN accounts a ON a.id = f.follower_id
       WHERE f.followee_id = $accountId AND f.state = 'accepted' AND f.follower_id > $after
         AND ${REACHABLE}
       ORDER BY f.follower_id LIMIT $limit`,
    )
    .all({ accountId, after, limit });
}

/** The next remote accounts that a local one follows after an id, at most so many. */
export function findRemoteFollowees(
  db: Database,
  accountId: number,
  after: number,
  limit: number,
): Reader[] {
  return db
    .query<Reader, { accountId: number; after: number; limit: number }>(
      `SELECT ${COLUMNS} FROM follows f JOIN accounts a ON a.id = f.followee_id
       WHERE f.follower_id = $accountId AND f.followee_id > $after AND ${REACHABLE}
       ORDER BY f.followee_id LIMIT $limit`,
    )
    .all({ accountId, after, limit });
}

/** The next remote accounts after an id, whoever they are, at most so many. */
export function findEverybody(db: Database, after: number, limit: number): Reader[] {
  return db
    .query<Reader, { after: number; limit: number }>(
      `SELECT ${COLUMNS} FROM accounts a WHERE a.id > $after AND ${REACHABLE}
       ORDER BY a.id LIMIT $limit`,
    )
    .all({ after, limit });
}

/** Remote accounts by their ids here. */
export function findReaders(db: Database, accountIds: readonly number[]): Reader[] {
  return db
    .query<Reader, { ids: string }>(
      `SELECT ${COLUMNS} FROM accounts a
       WHERE a.id IN (SELECT value FROM json_each($ids)) AND ${REACHABLE}`,
    )
    .all({ ids: JSON.stringify(accountIds) });
}

/** Remote accounts by their actor ids. */
export function findReadersByUri(db: Database, uris: readonly string[]): Reader[] {
  return db
    .query<Reader, { uris: string }>(
      `SELECT ${COLUMNS} FROM accounts a
       WHERE a.uri IN (SELECT value FROM json_each($uris)) AND ${REACHABLE}`,
    )
    .all({ uris: JSON.stringify(uris) });
}

/** Remote accounts that liked, boosted or answered a post: their servers have a copy. */
export function findPartners(db: Database, postId: number): Reader[] {
  return db
    .query<Reader, { postId: number }>(
      `SELECT ${COLUMNS} FROM accounts a
       WHERE a.id IN (SELECT account_id FROM likes WHERE post_id = $postId
           UNION SELECT account_id FROM shares WHERE post_id = $postId
           UNION SELECT account_id FROM posts WHERE in_reply_to_id = $postId)
         AND ${REACHABLE}`,
    )
    .all({ postId });
}
