import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { VISIBLE, type ViewerParams } from '#domain/posts/reading.ts';
import { type Bounds, bounds, direction, newestFirst } from '#domain/posts/slice.ts';

type Params = Bounds & { viewerId: number };

/**
 * Everything comes from the index `posts_by_account`: one short range an author, and the sorter
 * leaves each as soon as its newest cannot make the page, so a million posts cost what a thousand do.
 */
function homeSql(page: Page): string {
  return `SELECT p.id FROM posts p INDEXED BY posts_by_account
    WHERE p.account_id IN (
        SELECT f.followee_id FROM follows f
        WHERE f.follower_id = $viewerId AND f.state = 'accepted' AND f.followee_id NOT IN (
          SELECT id FROM accounts WHERE suspended_at IS NOT NULL OR deletion_at IS NOT NULL)
        UNION ALL SELECT $viewerId)
      AND p.id < $maxId AND p.id > $sinceId
      AND p.in_reply_to_account_id IS NULL AND p.archived_at IS NULL
      AND (p.visibility IN ('public', 'unlisted', 'followers')
        OR (p.visibility = 'self' AND p.account_id = $viewerId))
    ORDER BY p.id ${direction(page)} LIMIT $limit`;
}

function familySql(page: Page): string {
  return `SELECT p.id FROM posts p INDEXED BY posts_by_account
    WHERE p.account_id IN (SELECT a.id FROM accounts a
        WHERE a.suspended_at IS NULL AND (a.deletion_at IS NULL OR a.id = $viewerId))
      AND p.id < $maxId AND p.id > $sinceId
      AND p.in_reply_to_account_id IS NULL AND p.archived_at IS NULL
      AND (p.visibility = 'public'
        OR (p.account_id = $viewerId AND p.visibility <> 'direct')
        OR (p.visibility IN ('unlisted', 'followers') AND p.account_id IN (
          SELECT f.followee_id FROM follows f
          WHERE f.follower_id = $viewerId AND f.state = 'accepted')))
    ORDER BY p.id ${direction(page)} LIMIT $limit`;
}

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

/** How SQLite means to read the home timeline, for the test that watches it. */
export function explainHome(db: Database, viewerId: number, page: Page): string[] {
  return db
    .query<{ detail: string }, Params>(`EXPLAIN QUERY PLAN ${homeSql(page)}`)
    .all({ ...bounds(page), viewerId })
    .map((row) => row.detail);
}

/** Ids of public posts of everybody, comments left out, newest first. */
export function listPublicIds(db: Database, page: Page, filter: { onlyMedia: boolean }): number[] {
  const rows = db
    .query<{ id: number }, Bounds>(
      `SELECT p.id FROM posts p JOIN accounts a ON a.id = p.account_id
       WHERE p.visibility = 'public' AND p.archived_at IS NULL
         AND p.in_reply_to_account_id IS NULL
         AND a.suspended_at IS NULL AND a.deletion_at IS NULL
         AND p.id < $maxId AND p.id > $sinceId ${filter.onlyMedia ? 'AND p.media_count > 0' : ''}
       ORDER BY p.id ${direction(page)} LIMIT $limit`,
    )
    .all(bounds(page));
  return newestFirst(rows, page);
}

/** Ids of public posts with a tag (folded name) that the viewer may see, comments left out, newest first. */
export function listTagIds(db: Database, viewer: ViewerParams, tag: string, page: Page): number[] {
  const rows = db
    .query<{ id: number }, Bounds & ViewerParams & { tag: string }>(
      `SELECT pt.post_id AS id FROM tags t CROSS JOIN post_tags pt ON pt.tag_id = t.id
         CROSS JOIN posts p ON p.id = pt.post_id CROSS JOIN accounts a ON a.id = p.account_id
       WHERE t.name = $tag AND pt.post_id < $maxId AND pt.post_id > $sinceId
         AND p.visibility = 'public' AND p.archived_at IS NULL
         AND p.in_reply_to_account_id IS NULL AND ${VISIBLE}
       ORDER BY pt.post_id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...bounds(page), ...viewer, tag });
  return newestFirst(rows, page);
}
