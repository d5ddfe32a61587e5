import type { Database } from 'bun:sqlite';
import { POST_COLUMNS, type PostRow } from './rows.ts';
import type { Visibility } from './visibility.ts';

/** The post of another server with that id. */
export function findPostByUri(db: Database, uri: string): PostRow | null {
  return db
    .query<PostRow, { uri: string }>(`SELECT ${POST_COLUMNS} FROM posts p WHERE p.uri = $uri`)
    .get({ uri });
}

/** True if an id was deleted, here or elsewhere. */
export function hasTombstone(db: Database, uri: string): boolean {
  return db.query('SELECT 1 FROM tombstones WHERE uri = $uri').get({ uri }) !== null;
}

/** Remembers that an id is gone; `open`: everybody could see it. */
export function insertTombstone(
  db: Database,
  row: { uri: string; open: boolean; now: number },
): void {
  db.query(
    `INSERT INTO tombstones (uri, open, deleted_at) VALUES ($uri, $open, $now)
     ON CONFLICT DO NOTHING`,
  ).run({ ...row, open: Number(row.open) });
}

/** True if a post or a boost has that id. */
export function isTaken(db: Database, id: number): boolean {
  return (
    db
      .query<{ taken: number }, { id: number }>(
        `SELECT EXISTS (SELECT 1 FROM posts WHERE id = $id)
           OR EXISTS (SELECT 1 FROM shares WHERE id = $id) AS taken`,
      )
      .get({ id })?.taken === 1
  );
}

/** The lowest and the highest id that a post or a boost has among these. */
export function findTakenEnds(
  db: Database,
  range: { first: number; last: number },
): { low: number; high: number } {
  const ends = (of: 'min' | 'max', table: string) =>
    `SELECT ${of}(id) AS id FROM ${table} WHERE id BETWEEN $first AND $last`;
  const row = db
    .query<{ low: number | null; high: number | null }, typeof range>(
      `SELECT (SELECT min(id) FROM (${ends('min', 'posts')} UNION ALL ${ends('min', 'shares')})) AS low,
         (SELECT max(id) FROM (${ends('max', 'posts')} UNION ALL ${ends('max', 'shares')})) AS high`,
    )
    .get(range);
  return { low: row?.low ?? range.last, high: row?.high ?? range.first };
}

/** Comments that came before what they answer. */
export function findOrphans(db: Database, parentUri: string, limit: number): PostRow[] {
  return db
    .query<PostRow, { parentUri: string; limit: number }>(
      `SELECT ${POST_COLUMNS} FROM posts p
       WHERE p.in_reply_to_uri = $parentUri AND p.in_reply_to_id IS NULL ORDER BY p.id LIMIT $limit`,
    )
    .all({ parentUri, limit });
}

/** Puts a comment below what it answers. */
export function adoptPost(
  db: Database,
  row: {
    id: number;
    parentId: number;
    parentAccountId: number;
    audienceId: number;
    visibility: Visibility;
  },
): void {
  db.query(
    `UPDATE posts SET in_reply_to_id = $parentId, in_reply_to_account_id = $parentAccountId,
       audience_id = $audienceId, visibility = $visibility WHERE id = $id`,
  ).run(row);
}

/** True if one post is another, or is somewhere above it. */
export function isAbove(db: Database, postId: number, other: number): boolean {
  return (
    db
      .query(
        `WITH RECURSIVE up (id, depth) AS (
           SELECT $other, 0
           UNION ALL
           SELECT p.in_reply_to_id, up.depth + 1 FROM up JOIN posts p ON p.id = up.id
           WHERE up.depth < 100 AND p.in_reply_to_id IS NOT NULL)
         SELECT 1 FROM up WHERE id = $postId LIMIT 1`,
      )
      .get({ postId, other }) !== null
  );
}

/** Which of these accounts are of this server. */
export function listLocalOf(db: Database, ids: readonly number[]): number[] {
  return db
    .query<{ id: number }, { ids: string }>(
      `SELECT id FROM accounts
       WHERE role IS NOT NULL AND id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(ids) })
    .map((row) => row.id);
}
