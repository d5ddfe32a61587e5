import type { Database } from 'bun:sqlite';

/** How many people and open posts there are, and how many people were here of late. */
export type Usage = { total: number; activeMonth: number; activeHalfyear: number; posts: number };

const MONTH = 30 * 86_400_000;

/**
 * Counts the people of this instance (without suspended and leaving ones), who of them used it or
 * published in the last 30 and 180 days, and the posts that others may see, without comments.
 */
export function countUsage(db: Database, now: number): Usage {
  const row = db
    .query<Usage, { month: number; halfyear: number }>(
      `WITH people AS (
         SELECT id, posts_count, max(
           ifnull(last_post_at, 0),
           ifnull((SELECT max(last_seen_at) FROM sessions WHERE user_id = accounts.id), 0),
           ifnull((SELECT max(last_used_at) FROM access_tokens WHERE account_id = accounts.id), 0)
         ) AS seen FROM accounts
         WHERE role IS NOT NULL AND suspended_at IS NULL AND deletion_at IS NULL)
       SELECT count(*) AS total, count(CASE WHEN seen > $month THEN 1 END) AS activeMonth,
         count(CASE WHEN seen > $halfyear THEN 1 END) AS activeHalfyear,
         ifnull(sum(posts_count), 0) AS posts FROM people`,
    )
    .get({ month: now - MONTH, halfyear: now - 6 * MONTH });
  return row ?? { total: 0, activeMonth: 0, activeHalfyear: 0, posts: 0 };
}
