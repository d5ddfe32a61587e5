import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { NOT_MUTED } from '#domain/filters/muted-queries.ts';
import { VISIBLE, type ViewerParams } from '#domain/posts/reading.ts';
import { type Bounds, bounds, direction, newestFirst } from '#domain/posts/slice.ts';
import { listFittingCandidates } from './candidate-queries.ts';

export type PublicFilter = {
  /** Only posts of this instance. */
  local?: boolean;
  /** Only posts of others. */
  remote?: boolean;
  /** Only posts with a photo. */
  onlyMedia?: boolean;
};

/** Which tags (folded names) a post must have: one of `any`, all of `all`, none of `none`. */
export type TagFilter = { any: string[]; all: string[]; none: string[] };

type Params = Bounds & ViewerParams & { now: number };

/** Strangers see nothing of other servers but comments on what is here; who is limited is not in public lists. */
function fromWhere(filter: PublicFilter): string {
  const conditions = ['a.limited = 0', 'p.hidden_at IS NULL', VISIBLE, NOT_MUTED];
  conditions.push(filter.local ? 'p.uri IS NULL' : '($viewerId <> 0 OR p.uri IS NULL)');
  if (filter.remote) conditions.push('p.uri IS NOT NULL');
  if (filter.onlyMedia) conditions.push('p.media_count > 0');
  return conditions.join(' AND ');
}

/** Posts that are looked at for one page at most: who is spared a flood waits no longer than others. */
const MOST = 5000;

/** The newest public posts, from an index alone, before anything else is asked of them. */
function candidatesSql(page: Page, from: 'all' | 'here' | 'elsewhere'): string {
  const index = from === 'all' ? 'posts_public' : 'posts_public_from';
  const side = from === 'all' ? '' : `(c.uri IS NULL) = ${from === 'here' ? 1 : 0} AND`;
  return `SELECT c.id FROM posts c INDEXED BY ${index}
    WHERE ${side} c.visibility = 'public' AND c.archived_at IS NULL
      AND c.in_reply_to_account_id IS NULL AND c.id < $maxId AND c.id > $sinceId
    ORDER BY c.id ${direction(page)} LIMIT ${MOST}`;
}

/**
 * The candidates come one by one and in order, and the last that is needed ends it. Without the
 * order of the joins, SQLite would read all posts of all people and sort them.
 */
function publicSql(page: Page, filter: PublicFilter, viewerId: number): string {
  const here = filter.local || viewerId === 0;
  const from = here ? 'here' : filter.remote ? 'elsewhere' : 'all';
  return `SELECT p.id FROM (${candidatesSql(page, from)}) c
      CROSS JOIN posts p ON p.id = c.id CROSS JOIN accounts a ON a.id = p.account_id
    WHERE a.deletion_at IS NULL AND ${fromWhere(filter)} LIMIT $limit`;
}

/** Ids of public posts of everybody, comments left out, newest first. */
export function listPublicIds(
  db: Database,
  viewer: ViewerParams & { now: number },
  page: Page,
  filter: PublicFilter,
): number[] {
  if (filter.remote && (filter.local || viewer.viewerId === 0)) return [];
  const rows = db
    .query<{ id: number }, Params>(publicSql(page, filter, viewer.viewerId))
    .all({ ...bounds(page), ...viewer });
  return newestFirst(rows, page);
}

/** How SQLite means to read public posts, for the test that watches it. */
export function explainPublic(
  db: Database,
  viewer: ViewerParams & { now: number },
  page: Page,
  filter: PublicFilter,
): string[] {
  return db
    .query<{ detail: string }, Params>(
      `EXPLAIN QUERY PLAN ${publicSql(page, filter, viewer.viewerId)}`,
    )
    .all({ ...bounds(page), ...viewer })
    .map((row) => row.detail);
}

const named = (names: string) => `SELECT t.id FROM tags t JOIN json_each(${names}) j
  ON t.name = j.value`;

/** Every tag of `all` and none of `none`. */
function tagWhere({ all, none }: TagFilter): string {
  const conditions = ['1'];
  if (all.length > 0) {
    conditions.push(`(SELECT count(*) FROM post_tags o WHERE o.post_id = p.id
      AND o.tag_id IN (${named('$all')})) = json_array_length($all)`);
  }
  if (none.length > 0) {
    conditions.push(`NOT EXISTS (SELECT 1 FROM post_tags o WHERE o.post_id = p.id
      AND o.tag_id IN (${named('$none')}))`);
  }
  return conditions.join(' AND ');
}

/** Ids of public posts with tags that the viewer may see, comments left out, newest first. */
export function listTagIds(
  db: Database,
  viewer: ViewerParams & { now: number },
  tags: TagFilter,
  page: Page,
  filter: PublicFilter,
): number[] {
  const where = `${tagWhere(tags)} AND p.visibility = 'public' AND p.archived_at IS NULL
    AND p.in_reply_to_account_id IS NULL AND ${fromWhere(filter)}`;
  const values = {
    ...viewer,
    ...(tags.all.length > 0 ? { all: JSON.stringify(tags.all) } : {}),
    ...(tags.none.length > 0 ? { none: JSON.stringify(tags.none) } : {}),
  };
  const any = JSON.stringify(tags.any);
  // One tag is read in the order of its index; several need a sorter, which joins would blind.
  if (tags.any.length === 1) {
    const rows = db
      .query<{ id: number }, Record<string, number | string>>(
        `SELECT p.id FROM (SELECT pt.post_id AS id FROM post_tags pt
             WHERE pt.tag_id = (${named('$any')})
               AND pt.post_id < $maxId AND pt.post_id > $sinceId
             ORDER BY pt.post_id ${direction(page)} LIMIT ${MOST}) c
           CROSS JOIN posts p ON p.id = c.id CROSS JOIN accounts a ON a.id = p.account_id
         WHERE ${where} LIMIT $limit`,
      )
      .all({ ...bounds(page), ...values, any });
    return newestFirst(rows, page);
  }
  const sql = {
    newest: `SELECT pt.post_id AS id FROM post_tags pt WHERE pt.tag_id IN (${named('$any')})
      AND pt.post_id < $maxId AND pt.post_id > $sinceId
      ORDER BY pt.post_id ${direction(page)} LIMIT $limit`,
    there: `SELECT p.id FROM json_each($ids) j CROSS JOIN posts p ON p.id = j.value
      CROSS JOIN accounts a ON a.id = p.account_id WHERE ${where}`,
  };
  return listFittingCandidates(db, page, sql, { newest: { any }, there: values });
}
