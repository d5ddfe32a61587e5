import type { Database } from 'bun:sqlite';

type Pair = { accountId: number; postId: number };

/** Lists of what an account liked or kept are paged by this time, so no two rows of one share it. */
const nextMoment = (table: 'likes' | 'bookmarks') =>
  `max($now, 1 + ifnull((SELECT max(created_at) FROM ${table} WHERE account_id = $accountId), 0))`;

/** Stores a like and counts it; false if there is one. */
export function insertLike(db: Database, row: Pair & { uri: string | null; now: number }): boolean {
  const { changes } = db
    .query(
      `INSERT INTO likes (account_id, post_id, uri, created_at)
       VALUES ($accountId, $postId, $uri, ${nextMoment('likes')}) ON CONFLICT DO NOTHING`,
    )
    .run(row);
  if (changes > 0) countLike(db, row.postId, 1);
  return changes > 0;
}

/** Removes a like and counts that; false if there was none. */
export function deleteLike(db: Database, pair: Pair): boolean {
  const { changes } = db
    .query('DELETE FROM likes WHERE account_id = $accountId AND post_id = $postId')
    .run(pair);
  if (changes > 0) countLike(db, pair.postId, -1);
  return changes > 0;
}

function countLike(db: Database, postId: number, change: 1 | -1): void {
  db.query('UPDATE posts SET likes_count = likes_count + $change WHERE id = $postId').run({
    postId,
    change,
  });
}

export type ShareRow = Pair & {
  id: number;
  uri: string | null;
  visibility: 'public' | 'unlisted' | 'followers';
  createdAt: number;
};

const SHARE_COLUMNS = `id, account_id AS accountId, post_id AS postId, uri, visibility,
  created_at AS createdAt`;

/** The boost of a post by an account. */
export function findShare(db: Database, pair: Pair): ShareRow | null {
  return db
    .query<ShareRow, Pair>(
      `SELECT ${SHARE_COLUMNS} FROM shares WHERE account_id = $accountId AND post_id = $postId`,
    )
    .get(pair);
}

/** Stores a boost and counts it. */
export function insertShare(db: Database, row: ShareRow): void {
  db.query(
    `INSERT INTO shares (id, account_id, post_id, uri, visibility, created_at)
     VALUES ($id, $accountId, $postId, $uri, $visibility, $createdAt)`,
  ).run(row);
  countShare(db, row.postId, 1);
}

/** Removes a boost and counts that. */
export function deleteShare(db: Database, { id, postId }: Pick<ShareRow, 'id' | 'postId'>): void {
  if (db.query('DELETE FROM shares WHERE id = $id').run({ id }).changes > 0) {
    countShare(db, postId, -1);
  }
}

function countShare(db: Database, postId: number, change: 1 | -1): void {
  db.query('UPDATE posts SET shares_count = shares_count + $change WHERE id = $postId').run({
    postId,
    change,
  });
}

/** Keeps a post for later, for the account alone. */
export function insertBookmark(db: Database, row: Pair & { now: number }): void {
  db.query(
    `INSERT INTO bookmarks (account_id, post_id, created_at)
     VALUES ($accountId, $postId, ${nextMoment('bookmarks')}) ON CONFLICT DO NOTHING`,
  ).run(row);
}

/** Ends that. */
export function deleteBookmark(db: Database, pair: Pair): void {
  db.query('DELETE FROM bookmarks WHERE account_id = $accountId AND post_id = $postId').run(pair);
}

/** Puts a post at the top of its author's profile unless that has `most` there; false if nothing changed. */
export function insertFeatured(db: Database, row: Pair & { now: number; most: number }): boolean {
  const { changes } = db
    .query(
      `INSERT INTO featured (account_id, post_id, created_at)
       SELECT $accountId, $postId, $now
       WHERE (SELECT count(*) FROM featured WHERE account_id = $accountId) < $most
       ON CONFLICT DO NOTHING`,
    )
    .run(row);
  return changes > 0;
}

/** Takes a post from the top of its author's profile; false if it was not there. */
export function deleteFeatured(db: Database, pair: Pair): boolean {
  const { changes } = db
    .query('DELETE FROM featured WHERE account_id = $accountId AND post_id = $postId')
    .run(pair);
  return changes > 0;
}

/** True if a post is at the top of its author's profile. */
export function isFeatured(db: Database, pair: Pair): boolean {
  return (
    db
      .query('SELECT 1 FROM featured WHERE account_id = $accountId AND post_id = $postId')
      .get(pair) !== null
  );
}

/** Sets wrong numbers of likes and boosts right, from one id (exclusive) to another, and says how many posts had one. */
export function correctReactions(db: Database, range: { after: number; until: number }): number {
  const likes = '(SELECT count(*) FROM likes l WHERE l.post_id = posts.id)';
  const shares = '(SELECT count(*) FROM shares s WHERE s.post_id = posts.id)';
  return db
    .query<{ id: number }, { after: number; until: number }>(
      `UPDATE posts SET likes_count = ${likes}, shares_count = ${shares}
       WHERE id > $after AND id <= $until AND (likes_count <> ${likes} OR shares_count <> ${shares})
       RETURNING id`,
    )
    .all(range).length;
}

/** Posts that an account that goes has liked or boosted: their numbers must know. */
export function listReactedIds(db: Database, accountId: number, limit: number): number[] {
  return db
    .query<{ id: number }, { accountId: number; limit: number }>(
      `SELECT post_id AS id FROM likes WHERE account_id = $accountId
       UNION SELECT post_id FROM shares WHERE account_id = $accountId LIMIT $limit`,
    )
    .all({ accountId, limit })
    .map((row) => row.id);
}
