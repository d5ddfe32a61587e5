import type { Database } from 'bun:sqlite';

/** Posts of this instance that anything is told of to others at all, over `posts p JOIN accounts a`. */
const SHOWN = `p.uri IS NULL AND p.archived_at IS NULL AND p.hidden_at IS NULL
  AND a.suspended_at IS NULL AND a.deletion_at IS NULL`;
/** Of posts from anywhere, those that everybody may see. */
const OPEN = `p.visibility IN ('public', 'unlisted') AND p.archived_at IS NULL
  AND p.hidden_at IS NULL AND a.suspended_at IS NULL AND a.deletion_at IS NULL`;
const FROM_POSTS = 'FROM posts p JOIN accounts a ON a.id = p.account_id';

type Asked = {
  id: number;
  name: string;
  /** The account that signed; 0: nobody known. */
  readerId: number;
  /** 1 in a family: public and unlisted posts are for followers there. */
  closed: number;
};

/**
 * Whether a reader of another server may have a post of this account: everybody an open one; a
 * followers-only one who follows its audience now and is not blocked, or is mentioned; a direct one
 * who is mentioned.
 */
export function isReadable(db: Database, asked: Asked): boolean {
  const row = db
    .query<{ id: number }, Asked>(
      `SELECT p.id ${FROM_POSTS}
       WHERE p.id = $id AND a.domain IS NULL AND lower(a.username) = lower($name) AND ${SHOWN}
         AND (($closed = 0 AND p.visibility IN ('public', 'unlisted'))
           OR ($readerId <> 0 AND p.visibility <> 'self'
             AND NOT EXISTS (SELECT 1 FROM blocks b
               WHERE (b.account_id = p.account_id AND b.target_id = $readerId)
                 OR (b.account_id = $readerId AND b.target_id = p.account_id))
             AND (EXISTS (SELECT 1 FROM mentions m
                 WHERE m.post_id = p.id AND m.account_id = $readerId)
               OR (p.visibility <> 'direct' AND (p.audience_id = $readerId
                 OR EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $readerId
                   AND f.followee_id = p.audience_id AND f.state = 'accepted'))))))`,
    )
    .get(asked);
  return row !== null;
}

/** Whether something is gone of which everybody may know that it was there. */
export function isKnownGone(db: Database, uri: string): boolean {
  const row = db
    .query<{ open: number }, { uri: string }>('SELECT open FROM tombstones WHERE uri = $uri')
    .get({ uri });
  return row?.open === 1;
}

type Slice = { accountId: number; before: number; limit: number };
export type OutboxRow = {
  /** Of the post or of the share. */
  id: number;
  postId: number;
  /** 1: a boost of that post. */
  shared: number;
  visibility: 'public' | 'unlisted';
  createdAt: number;
};

/** What an account published and boosted for everybody, newest first; comments too. */
export function listOutbox(db: Database, slice: Slice): OutboxRow[] {
  return db
    .query<OutboxRow, Slice>(
      `SELECT * FROM (
         SELECT p.id, p.id AS postId, 0 AS shared, p.visibility, p.published_at AS createdAt
           ${FROM_POSTS} WHERE p.account_id = $accountId AND p.id < $before AND ${OPEN}
         ORDER BY p.id DESC LIMIT $limit)
       UNION ALL SELECT * FROM (
         SELECT s.id, s.post_id, 1, s.visibility, s.created_at
           FROM shares s JOIN posts p ON p.id = s.post_id JOIN accounts a ON a.id = p.account_id
         WHERE s.account_id = $accountId AND s.id < $before
           AND s.visibility IN ('public', 'unlisted') AND ${OPEN}
         ORDER BY s.id DESC LIMIT $limit)
       ORDER BY 1 DESC LIMIT $limit`,
    )
    .all(slice);
}

/** How many items an outbox has. */
export function countOutbox(db: Database, accountId: number): number {
  const row = db
    .query<{ n: number }, { accountId: number }>(
      `SELECT (SELECT count(*) ${FROM_POSTS} WHERE p.account_id = $accountId AND ${OPEN})
         + (SELECT count(*) FROM shares s JOIN posts p ON p.id = s.post_id
              JOIN accounts a ON a.id = p.account_id
            WHERE s.account_id = $accountId AND s.visibility IN ('public', 'unlisted')
              AND ${OPEN}) AS n`,
    )
    .get({ accountId });
  return row?.n ?? 0;
}

/** Ids of the open posts at the top of a profile, the last pinned first. */
export function listFeaturedIds(db: Database, accountId: number): number[] {
  return db
    .query<{ id: number }, { accountId: number }>(
      `SELECT p.id FROM featured x JOIN posts p ON p.id = x.post_id
         JOIN accounts a ON a.id = p.account_id
       WHERE x.account_id = $accountId AND p.account_id = $accountId AND ${OPEN} AND ${SHOWN}
       ORDER BY x.created_at DESC, p.id DESC LIMIT 50`,
    )
    .all({ accountId })
    .map((row) => row.id);
}

type PostSlice = { postId: number; after: number; limit: number };
/** Something of somebody: a comment, a like or a boost, with its id if its own server gave it one. */
export type ItemRow = { id: number; uri: string | null; username: string };

/** Open comments on a post, oldest first. */
export function listReplies(db: Database, slice: PostSlice): ItemRow[] {
  return db
    .query<ItemRow, PostSlice>(
      `SELECT p.id, p.uri, a.username ${FROM_POSTS}
       WHERE p.in_reply_to_id = $postId AND p.id > $after AND ${OPEN}
       ORDER BY p.id LIMIT $limit`,
    )
    .all(slice);
}

/** Likes of a post by those who do not hide what they have to do with; ordered by account. */
export function listLikes(db: Database, slice: PostSlice): ItemRow[] {
  return db
    .query<ItemRow, PostSlice>(
      `SELECT l.account_id AS id, l.uri, a.username
       FROM likes l JOIN accounts a ON a.id = l.account_id
       WHERE l.post_id = $postId AND l.account_id > $after AND a.suspended_at IS NULL
         AND a.deletion_at IS NULL AND a.hide_collections = 0
         AND (l.uri IS NOT NULL OR a.domain IS NULL)
       ORDER BY l.account_id LIMIT $limit`,
    )
    .all(slice);
}

/** Public boosts of a post, oldest first. */
export function listShares(db: Database, slice: PostSlice): ItemRow[] {
  return db
    .query<ItemRow, PostSlice>(
      `SELECT s.id, s.uri, a.username FROM shares s JOIN accounts a ON a.id = s.account_id
       WHERE s.post_id = $postId AND s.id > $after AND s.visibility IN ('public', 'unlisted')
         AND a.suspended_at IS NULL AND a.deletion_at IS NULL
         AND (s.uri IS NOT NULL OR a.domain IS NULL)
       ORDER BY s.id LIMIT $limit`,
    )
    .all(slice);
}
