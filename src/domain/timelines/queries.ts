import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { NOT_MUTED } from '#domain/filters/muted-queries.ts';
import { VISIBLE, type ViewerParams } from '#domain/posts/reading.ts';
import { type Bounds, bounds, direction, newestFirst } from '#domain/posts/slice.ts';
import { listFittingCandidates } from './candidate-queries.ts';
import { FOLLOWED, HOME, KEPT_OUT } from './people-queries.ts';

/** Who looks at a home timeline, and when (milliseconds: mutes end). */
export type HomeParams = ViewerParams & { now: number };
type Params = Bounds & { viewerId: number; now: number };

/** What a moderator took out of sight is there for its author alone. */
export const NOT_HIDDEN = `(p.account_id = $viewerId
  OR p.id NOT IN (SELECT h.id FROM posts h WHERE h.hidden_at IS NOT NULL))`;

/**
 * Everything comes from the index `posts_at_home`: one short range an author, and the sorter
 * leaves each as soon as its newest cannot make the page, so a million posts cost what a thousand do.
 */
function homeSql(page: Page): string {
  return `SELECT p.id FROM posts p INDEXED BY posts_at_home
    WHERE p.account_id IN (${HOME.authors}) AND p.id < $maxId AND p.id > $sinceId
      AND p.in_reply_to_account_id IS NULL AND p.archived_at IS NULL
      AND (p.visibility IN ('public', 'unlisted', 'followers')
        OR (p.visibility = 'self' AND p.account_id = $viewerId))
      AND ${NOT_HIDDEN}
    ORDER BY p.id ${direction(page)} LIMIT $limit`;
}

function familySql(page: Page): string {
  return `SELECT p.id FROM posts p INDEXED BY posts_at_home
    WHERE p.account_id IN (
        SELECT a.id FROM accounts a
        WHERE a.role IS NOT NULL AND a.suspended_at IS NULL
          AND (a.deletion_at IS NULL OR a.id = $viewerId)
          AND NOT EXISTS (SELECT 1 FROM blocks
            WHERE account_id = $viewerId AND target_id = a.id)
          AND NOT EXISTS (SELECT 1 FROM blocks
            WHERE account_id = a.id AND target_id = $viewerId)
          AND a.id NOT IN (${KEPT_OUT})
        UNION ${HOME.authors.replace(/UNION ALL SELECT \$viewerId$/, 'UNION SELECT $viewerId')})
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

/** The newest boosts by some people, from the index `shares_by_account` alone, like the posts. */
export function boostsSql(page: Page, sharers: string): string {
  return `SELECT s.id FROM shares s INDEXED BY shares_by_account
    WHERE s.account_id IN (${sharers}) AND s.id < $maxId AND s.id > $sinceId
    ORDER BY s.id ${direction(page)} LIMIT $limit`;
}

/** Those of some boosts that belong into a timeline: of posts that are not there anyway, and of several of one post the first. */
export function boostsThere(sharers: string, anyway: string): string {
  return `SELECT s.id FROM json_each($ids) j CROSS JOIN shares s ON s.id = j.value
    CROSS JOIN posts p ON p.id = s.post_id CROSS JOIN accounts a ON a.id = p.account_id
    WHERE NOT (${anyway}) AND ${VISIBLE} AND ${NOT_MUTED}
      AND NOT EXISTS (SELECT 1 FROM shares o INDEXED BY shares_by_post
        WHERE o.post_id = s.post_id AND o.id < s.id AND o.account_id IN (${sharers}))`;
}

/** A post that everybody may see and find, which is no comment: what tags bring into the home timeline. */
const TAGGABLE = `p.visibility = 'public' AND p.in_reply_to_account_id IS NULL
  AND p.archived_at IS NULL AND p.hidden_at IS NULL AND a.limited = 0`;
/** What a closed instance shows to all its members. */
const OF_FAMILY = `$closed = 1 AND a.role IS NOT NULL AND p.visibility = 'public'
  AND p.in_reply_to_account_id IS NULL`;
const BY_FOLLOWED = `p.account_id IN (${FOLLOWED}) OR (${OF_FAMILY})`;
const TAGS = 'SELECT ft.tag_id FROM followed_tags ft WHERE ft.account_id = $viewerId';
const BY_TAG = `${TAGGABLE} AND EXISTS (SELECT 1 FROM post_tags pt
  WHERE pt.post_id = p.id AND pt.tag_id IN (${TAGS}))`;

const HOME_BOOSTS_THERE = boostsThere(HOME.sharers, `${BY_FOLLOWED} OR (${BY_TAG})`);

/** The newest posts with followed tags, from the index of `post_tags` alone. */
function taggedSql(page: Page): string {
  return `SELECT pt.post_id AS id FROM post_tags pt
    WHERE pt.tag_id IN (${TAGS}) AND pt.post_id < $maxId AND pt.post_id > $sinceId
    ORDER BY pt.post_id ${direction(page)} LIMIT $limit`;
}

const TAGGED_THERE = `SELECT p.id FROM json_each($ids) j CROSS JOIN posts p ON p.id = j.value
  CROSS JOIN accounts a ON a.id = p.account_id
  WHERE NOT (${BY_FOLLOWED}) AND ${TAGGABLE} AND ${VISIBLE} AND ${NOT_MUTED}`;

/** Ids of the home timeline of somebody who follows people. */
export function listHomeIds(db: Database, { viewerId, now }: HomeParams, page: Page): number[] {
  const query = db.query<{ id: number }, Params>(homeSql(page));
  return newestFirst(query.all({ ...bounds(page), viewerId, now }), page);
}

/** Ids of the home timeline in family mode: all members. */
export function listFamilyIds(db: Database, { viewerId, now }: HomeParams, page: Page): number[] {
  const query = db.query<{ id: number }, Params>(familySql(page));
  return newestFirst(query.all({ ...bounds(page), viewerId, now }), page);
}

/** Ids of boosts that belong into somebody's home timeline. */
export function listHomeBoostIds(db: Database, params: HomeParams, page: Page): number[] {
  const { viewerId, now } = params;
  const sql = { newest: boostsSql(page, HOME.sharers), there: HOME_BOOSTS_THERE };
  return listFittingCandidates(db, page, sql, { newest: { viewerId, now }, there: params });
}

/** Ids of posts that followed tags bring into somebody's home timeline, and nothing else does. */
export function listHomeTaggedIds(db: Database, params: HomeParams, page: Page): number[] {
  const { viewerId } = params;
  const sql = { newest: taggedSql(page), there: TAGGED_THERE };
  return listFittingCandidates(db, page, sql, { newest: { viewerId }, there: params });
}

/** True if somebody follows tags. */
export function hasFollowedTags(db: Database, viewerId: number): boolean {
  return db.query(`${TAGS} LIMIT 1`).get({ viewerId }) !== null;
}

/** How SQLite means to read the boosts of the home timeline, for the same test. */
export function explainHomeBoosts(db: Database, params: HomeParams, page: Page): string[] {
  const { viewerId, now } = params;
  const newest = db
    .query<{ detail: string }, Params>(`EXPLAIN QUERY PLAN ${boostsSql(page, HOME.sharers)}`)
    .all({ ...bounds(page), viewerId, now });
  const there = db
    .query<{ detail: string }, HomeParams & { ids: string }>(
      `EXPLAIN QUERY PLAN ${HOME_BOOSTS_THERE}`,
    )
    .all({ ...params, ids: '[]' });
  return [...newest, ...there].map((row) => row.detail);
}

/** How SQLite means to read the home timeline, for the test that watches it. */
export function explainHome(db: Database, params: HomeParams, page: Page): string[] {
  const { viewerId, now } = params;
  return db
    .query<{ detail: string }, Params>(`EXPLAIN QUERY PLAN ${homeSql(page)}`)
    .all({ ...bounds(page), viewerId, now })
    .map((row) => row.detail);
}

/** How SQLite means to find the posts with followed tags, for the same test. */
export function explainHomeTagged(db: Database, viewerId: number, page: Page): string[] {
  return db
    .query<{ detail: string }, Bounds & { viewerId: number }>(
      `EXPLAIN QUERY PLAN ${taggedSql(page)}`,
    )
    .all({ ...bounds(page), viewerId })
    .map((row) => row.detail);
}
