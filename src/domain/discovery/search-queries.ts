import type { Database } from 'bun:sqlite';
import { NOT_MUTED } from '#domain/filters/muted-queries.ts';
import { VISIBLE, type ViewerParams } from '#domain/posts/reading.ts';

/** Posts with the words that are looked at, the newest first, in rounds: a common word costs no more. */
const ROUNDS = [100, 400, 1600, 6400];

/** Whose posts come up: people of here for members, others if they want to be searched or are followed. */
const SEARCHED = `(p.account_id = $viewerId OR (a.role IS NOT NULL AND $viewerId <> 0)
  OR (a.indexable = 1 AND a.limited = 0)
  OR EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.account_id = $viewerId)
  OR EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $viewerId
    AND f.followee_id = p.account_id AND f.state = 'accepted'))`;

type Search = ViewerParams & {
  now: number;
  /** A query of FTS5. */
  words: string;
  limit: number;
  offset: number;
  maxId: number;
  minId: number;
  /** 0: of everybody. */
  accountId: number;
};

/** Ids of posts with words, the newest first; as few rounds as the answer needs. */
export function findByWords(db: Database, search: Search): number[] {
  const { words, limit, offset, minId, maxId: newest, ...asker } = search;
  const found: number[] = [];
  let maxId = newest;
  for (const most of ROUNDS) {
    const ids = listWithWords(db, { words, minId, maxId, most });
    found.push(...listFound(db, { ...asker, ids: JSON.stringify(ids) }));
    maxId = ids.at(-1) ?? 0;
    if (ids.length < most || found.length >= offset + limit) break;
  }
  return found.slice(offset, offset + limit);
}

function listWithWords(
  db: Database,
  page: Pick<Search, 'words' | 'minId' | 'maxId'> & { most: number },
): number[] {
  return db
    .query<{ id: number }, typeof page>(
      `SELECT rowid AS id FROM post_words
       WHERE post_words MATCH $words AND rowid < $maxId AND rowid > $minId
       ORDER BY rowid DESC LIMIT $most`,
    )
    .all(page)
    .map((row) => row.id);
}

type Asker = ViewerParams & { now: number; accountId: number; ids: string };

/** Those of some posts that this search may show, in their order. */
function listFound(db: Database, asker: Asker): number[] {
  return db
    .query<{ id: number }, Asker>(
      `SELECT p.id FROM json_each($ids) j CROSS JOIN posts p ON p.id = j.value
         CROSS JOIN accounts a ON a.id = p.account_id
       WHERE ($accountId = 0 OR p.account_id = $accountId)
         AND p.archived_at IS NULL AND ($viewerId <> 0 OR p.uri IS NULL)
         AND ${SEARCHED} AND ${VISIBLE} AND ${NOT_MUTED}`,
    )
    .all(asker)
    .map((each) => each.id);
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
