import type { Database } from 'bun:sqlite';
import { NOT_MUTED } from '#domain/filters/muted-queries.ts';
import { VISIBLE, type ViewerParams } from '#domain/posts/reading.ts';

type Params = ViewerParams & { now: number; limit: number };

/** Posts that are looked at for one answer: however busy a place is, it costs the same. */
const MOST = 2000;

/** What may be shown to people who did not ask for its author: public, of somebody who wants to be found. */
const FOUND = `p.visibility = 'public' AND p.archived_at IS NULL AND p.hidden_at IS NULL
  AND p.in_reply_to_account_id IS NULL AND a.limited = 0 AND a.discoverable = 1
  AND a.suspended_at IS NULL AND a.deletion_at IS NULL`;

/**
 * Ids of the posts with photos since an id that were liked and boosted most, those that are liked
 * alike by the newer first. Only real likes and boosts count; what nobody liked is not popular.
 */
export function findPopularPosts(
  db: Database,
  page: Params & { since: number; from: 'here' | 'elsewhere' },
): number[] {
  const { from, ...params } = page;
  return db
    .query<{ id: number }, Params & { since: number; most: number }>(
      `SELECT p.id FROM (SELECT id FROM posts INDEXED BY posts_liked
           WHERE (uri IS NULL) = ${from === 'here' ? 1 : 0} AND id > $since
             AND visibility = 'public' AND archived_at IS NULL
             AND in_reply_to_account_id IS NULL AND likes_count + shares_count > 0
           ORDER BY id DESC LIMIT $most) c
         CROSS JOIN posts p ON p.id = c.id CROSS JOIN accounts a ON a.id = p.account_id
       WHERE p.media_count > 0 AND ($viewerId <> 0 OR p.uri IS NULL)
         AND ${FOUND} AND ${VISIBLE} AND ${NOT_MUTED}
       ORDER BY p.likes_count + 2 * p.shares_count DESC, p.id DESC LIMIT $limit`,
    )
    .all({ ...params, most: MOST })
    .map((row) => row.id);
}

export type PopularTag = { id: number; name: string; display: string; posts: number };

/** The tags that most people put on posts since an id, and on how many posts. */
export function findPopularTags(db: Database, page: Params & { since: number }): PopularTag[] {
  return db
    .query<PopularTag, Params & { since: number; most: number }>(
      `SELECT t.id, t.name, t.display, count(*) AS posts
       FROM (SELECT id FROM posts
           WHERE visibility = 'public' AND archived_at IS NULL
             AND in_reply_to_account_id IS NULL AND id > $since
           ORDER BY id DESC LIMIT $most) c
         CROSS JOIN posts p ON p.id = c.id CROSS JOIN accounts a ON a.id = p.account_id
         CROSS JOIN post_tags pt ON pt.post_id = p.id CROSS JOIN tags t ON t.id = pt.tag_id
       WHERE ($viewerId <> 0 OR p.uri IS NULL) AND ${FOUND} AND ${VISIBLE} AND ${NOT_MUTED}
       GROUP BY t.id ORDER BY count(DISTINCT p.account_id) DESC, posts DESC, t.name LIMIT $limit`,
    )
    .all({ ...page, most: MOST });
}

/** The tags that stand most often beside a tag (folded name) on posts that everybody sees. */
export function findRelatedTags(db: Database, page: Params & { tag: string }): PopularTag[] {
  return db
    .query<PopularTag, Params & { tag: string; most: number }>(
      `SELECT t.id, t.name, t.display, count(*) AS posts
       FROM (SELECT post_id AS id FROM post_tags
           WHERE tag_id = (SELECT id FROM tags WHERE name = $tag)
           ORDER BY post_id DESC LIMIT $most) c
         CROSS JOIN posts p ON p.id = c.id CROSS JOIN accounts a ON a.id = p.account_id
         CROSS JOIN post_tags pt ON pt.post_id = p.id CROSS JOIN tags t ON t.id = pt.tag_id
       WHERE t.name <> $tag AND ($viewerId <> 0 OR p.uri IS NULL)
         AND ${FOUND} AND ${VISIBLE} AND ${NOT_MUTED}
       GROUP BY t.id ORDER BY posts DESC, t.name LIMIT $limit`,
    )
    .all({ ...page, most: MOST });
}

/** Ids of people of this instance with the most followers who want to be found and whom the viewer does not follow yet. */
export function findPopularAccounts(db: Database, page: Params): number[] {
  return db
    .query<{ id: number }, Params>(
      `SELECT a.id FROM accounts a
       WHERE a.role IS NOT NULL AND a.discoverable = 1 AND a.limited = 0 AND a.id <> $viewerId
         AND a.suspended_at IS NULL AND a.deletion_at IS NULL AND a.moved_to_id IS NULL
         AND ($viewerId <> 0 OR $closed = 0)
         AND NOT EXISTS (SELECT 1 FROM follows WHERE follower_id = $viewerId
           AND followee_id = a.id)
         AND NOT EXISTS (SELECT 1 FROM blocks WHERE account_id = $viewerId AND target_id = a.id)
         AND NOT EXISTS (SELECT 1 FROM blocks WHERE account_id = a.id AND target_id = $viewerId)
         AND NOT EXISTS (SELECT 1 FROM mutes WHERE account_id = $viewerId AND target_id = a.id
           AND (expires_at IS NULL OR expires_at > $now))
       ORDER BY a.followers_count DESC, a.posts_count DESC, a.id DESC LIMIT $limit`,
    )
    .all(page)
    .map((row) => row.id);
}
