import type { Database } from 'bun:sqlite';
import { NOT_MUTED } from '#domain/filters/muting-queries.ts';
import { VISIBLE, type ViewerParams } from '#domain/posts/reading.ts';

/** Posts with the words that are looked at for one answer, the newest: a common word costs no more. */
const MOST = 10_000;

/** Whose posts come up: people of here for members, others if they want to be searched or are followed. */
const SEARCHED = `(p.account_id = $viewerId OR (a.role IS NOT NULL AND $viewerId <> 0)
  OR (a.indexable = 1 AND a.limited = 0)
  OR EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.account_id = $viewerId)
  OR EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $viewerId
    AND f.followee_id = p.account_id AND f.state = 'accepted'))`;

/** Ids of posts with words (a query of FTS5), the newest first. */
export function findByWords(
  db: Database,
  search: ViewerParams & {
    now: number;
    words: string;
    limit: number;
    offset: number;
    maxId: number;
    minId: number;
    /** 0: of everybody. */
    accountId: number;
  },
): number[] {
  return db
    .query<{ id: number }, typeof search & { most: number }>(
      `SELECT p.id FROM (SELECT rowid AS id FROM post_words
           WHERE post_words MATCH $words AND rowid < $maxId AND rowid > $minId
           ORDER BY rowid DESC LIMIT $most) w
         CROSS JOIN posts p ON p.id = w.id CROSS JOIN accounts a ON a.id = p.account_id
       WHERE ($accountId = 0 OR p.account_id = $accountId)
         AND p.archived_at IS NULL AND ($viewerId <> 0 OR p.uri IS NULL)
         AND ${SEARCHED} AND ${VISIBLE} AND ${NOT_MUTED}
       ORDER BY p.id DESC LIMIT $limit OFFSET $offset`,
    )
    .all({ ...search, most: MOST })
    .map((row) => row.id);
}

/** Writes the words of the next posts after an id for the search; gives the last id, null at the end. */
export function indexNextWords(db: Database, after: number, limit: number): number | null {
  const last = db
    .query<{ id: number | null }, { after: number; limit: number }>(
      `SELECT max(id) AS id FROM (SELECT id FROM posts WHERE id > $after ORDER BY id LIMIT $limit)`,
    )
    .get({ after, limit });
  if (last?.id == null) return null;
  db.query(
    `INSERT OR REPLACE INTO post_words (rowid, words)
     SELECT id, words FROM post_texts WHERE id > $after AND id <= $last`,
  ).run({ after, last: last.id });
  return last.id;
}
