import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { VISIBLE, type ViewerParams } from '#domain/posts/reading.ts';
import { type Bounds, bounds, direction, newestFirst } from '#domain/posts/slice.ts';

type Params = Bounds & { viewerId: number };

/** Whose posts and boosts somebody follows, and themselves. */
const FOLLOWED = `SELECT f.followee_id FROM follows f
  WHERE f.follower_id = $viewerId AND f.state = 'accepted' AND f.followee_id NOT IN (
    SELECT id FROM accounts WHERE suspended_at IS NOT NULL OR deletion_at IS NOT NULL)
  UNION ALL SELECT $viewerId`;
/** What a moderator took out of sight is there for its author alone. */
const NOT_HIDDEN = `(p.account_id = $viewerId
  OR p.id NOT IN (SELECT h.id FROM posts h WHERE h.hidden_at IS NOT NULL))`;

/**
 * Everything comes from the index `posts_by_account`: one short range an author, and the sorter
 * leaves each as soon as its newest cannot make the page, so a million posts cost what a thousand do.
 */
function homeSql(page: Page): string {
  return `SELECT p.id FROM posts p INDEXED BY posts_by_account
    WHERE p.account_id IN (${FOLLOWED}) AND p.id < $maxId AND p.id > $sinceId
      AND p.in_reply_to_account_id IS NULL AND p.archived_at IS NULL
      AND (p.visibility IN ('public', 'unlisted', 'followers')
        OR (p.visibility = 'self' AND p.account_id = $viewerId))
      AND ${NOT_HIDDEN}
    ORDER BY p.id ${direction(page)} LIMIT $limit`;
}

function familySql(page: Page): string {
  return `SELECT p.id FROM posts p INDEXED BY posts_by_account
    WHERE p.account_id IN (
        SELECT a.id FROM accounts a
        WHERE a.role IS NOT NULL AND a.suspended_at IS NULL
          AND (a.deletion_at IS NULL OR a.id = $viewerId)
          AND NOT EXISTS (SELECT 1 FROM blocks
            WHERE account_id = $viewerId AND target_id = a.id)
          AND NOT EXISTS (SELECT 1 FROM blocks
            WHERE account_id = a.id AND target_id = $viewerId)
        UNION ${FOLLOWED.replace('UNION ALL', 'UNION')})
      AND p.id < $maxId AND p.id > $sinceId
      AND p.in_reply_to_account_id IS NULL AND p.archived_at IS NULL
      AND (p.visibility = 'public'
        OR (p.account_id = $viewerId AND p.visibility <> 'direct')
        OR (p.visibility IN ('unlisted', 'followers') AND p.account_id IN (
          SELECT f.followee_id FROM follows f
          WHERE f.follower_id = $viewerId AND f.state = 'accepted')))
      AND ${NOT_HIDDEN}
    ORDER BY p.id ${direction(page)} LIMIT $limit`;
}

/** The newest boosts by followed people, from the index `shares_by_account` alone, like the posts. */
function boostsSql(page: Page): string {
  return `SELECT s.id FROM shares s INDEXED BY shares_by_account
    WHERE s.account_id IN (${FOLLOWED}) AND s.id < $maxId AND s.id > $sinceId
    ORDER BY s.id ${direction(page)} LIMIT $limit`;
}

/** Those of some boosts that belong into the timeline: of posts that are not there anyway, and of several of one post the first. */
const BOOSTS_THERE = `SELECT s.id FROM json_each($ids) j CROSS JOIN shares s ON s.id = j.value
  CROSS JOIN posts p ON p.id = s.post_id CROSS JOIN accounts a ON a.id = p.account_id
  WHERE p.account_id NOT IN (${FOLLOWED})
    AND ($closed = 0 OR a.role IS NULL OR p.visibility <> 'public'
      OR p.in_reply_to_account_id IS NOT NULL)
    AND ${VISIBLE}
    AND NOT EXISTS (SELECT 1 FROM shares o INDEXED BY shares_by_post
      WHERE o.post_id = s.post_id AND o.id < s.id AND o.account_id IN (${FOLLOWED}))`;

/** Ids of the home timeline of somebody who follows people. */
export function listHomeIds(db: Database, viewerId: number, page: Page): number[] {
  const query = db.query<{ id: number }, Params>(homeSql(page));
  return newestFirst(query.all({ ...bounds(page), viewerId }), page);
}

/** Ids of the home timeline in family mode: all members. */
export function listFamilyIds(db: Database, viewerId: number, page: Page): number[] {
  const query = db.query<{ id: number }, Params>(familySql(page));
  return newestFirst(query.all({ ...bounds(page), viewerId }), page);
}

/** Boosts that are looked at for one page, at most this many times three pages. */
const ROUNDS = 10;

/** Ids of boosts that belong into somebody's home timeline. */
export function listHomeBoostIds(db: Database, viewer: ViewerParams, page: Page): number[] {
  const { viewerId } = viewer;
  const limit = page.limit * 3;
  const newest = db.query<{ id: number }, Params>(boostsSql(page));
  const there = db.query<{ id: number }, ViewerParams & { ids: string }>(BOOSTS_THERE);
  const found: { id: number }[] = [];
  let { maxId, sinceId } = bounds(page);
  for (let round = 0; round < ROUNDS && found.length < page.limit; round += 1) {
    const rows = newest.all({ maxId, sinceId, limit, viewerId });
    const ids = JSON.stringify(rows.map((row) => row.id));
    if (rows.length > 0) found.push(...there.all({ ...viewer, ids }));
    if (rows.length < limit) break;
    if (direction(page) === 'ASC') sinceId = rows.at(-1)?.id ?? sinceId;
    else maxId = rows.at(-1)?.id ?? maxId;
  }
  return newestFirst(found.slice(0, page.limit), page);
}

/** How SQLite means to read the boosts of the home timeline, for the same test. */
export function explainHomeBoosts(db: Database, viewer: ViewerParams, page: Page): string[] {
  const newest = db
    .query<{ detail: string }, Params>(`EXPLAIN QUERY PLAN ${boostsSql(page)}`)
    .all({ ...bounds(page), viewerId: viewer.viewerId });
  const there = db
    .query<{ detail: string }, ViewerParams & { ids: string }>(`EXPLAIN QUERY PLAN ${BOOSTS_THERE}`)
    .all({ ...viewer, ids: '[]' });
  return [...newest, ...there].map((row) => row.detail);
}

/** How SQLite means to read the home timeline, for the test that watches it. */
export function explainHome(db: Database, viewerId: number, page: Page): string[] {
  return db
    .query<{ detail: string }, Params>(`EXPLAIN QUERY PLAN ${homeSql(page)}`)
    .all({ ...bounds(page), viewerId })
    .map((row) => row.detail);
}

export type OriginFilter = {
  /** Only posts of this instance. */
  local?: boolean;
  /** Only posts of others. */
  remote?: boolean;
};

/** Strangers see nothing of other servers but comments on what is here; who is limited is not in public lists. */
function fromWhere(filter: OriginFilter): string {
  const conditions = ['a.limited = 0', 'p.hidden_at IS NULL'];
  conditions.push(filter.local ? 'p.uri IS NULL' : '($viewerId <> 0 OR p.uri IS NULL)');
  if (filter.remote) conditions.push('p.uri IS NOT NULL');
  return conditions.join(' AND ');
}

/** Ids of public posts of everybody, comments left out, newest first. */
export function listPublicIds(
  db: Database,
  viewer: ViewerParams,
  page: Page,
  filter: OriginFilter & { onlyMedia?: boolean },
): number[] {
  const rows = db
    .query<{ id: number }, Bounds & ViewerParams>(
      `SELECT p.id FROM posts p JOIN accounts a ON a.id = p.account_id
       WHERE p.visibility = 'public' AND p.archived_at IS NULL
         AND p.in_reply_to_account_id IS NULL AND a.deletion_at IS NULL AND ${VISIBLE}
         AND ${fromWhere(filter)}
         AND p.id < $maxId AND p.id > $sinceId ${filter.onlyMedia ? 'AND p.media_count > 0' : ''}
       ORDER BY p.id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...bounds(page), ...viewer });
  return newestFirst(rows, page);
}

/** Ids of public posts with a tag (folded name) that the viewer may see, comments left out, newest first. */
export function listTagIds(
  db: Database,
  viewer: ViewerParams,
  tag: string,
  page: Page,
  filter: OriginFilter,
): number[] {
  const rows = db
    .query<{ id: number }, Bounds & ViewerParams & { tag: string }>(
      `SELECT pt.post_id AS id FROM tags t CROSS JOIN post_tags pt ON pt.tag_id = t.id
         CROSS JOIN posts p ON p.id = pt.post_id CROSS JOIN accounts a ON a.id = p.account_id
       WHERE t.name = $tag AND pt.post_id < $maxId AND pt.post_id > $sinceId
         AND p.visibility = 'public' AND p.archived_at IS NULL
         AND p.in_reply_to_account_id IS NULL AND ${VISIBLE} AND ${fromWhere(filter)}
       ORDER BY pt.post_id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...bounds(page), ...viewer, tag });
  return newestFirst(rows, page);
}
