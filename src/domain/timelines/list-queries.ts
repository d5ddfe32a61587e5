import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { type Bounds, bounds, direction, newestFirst } from '#domain/posts/slice.ts';
import { listFittingCandidates } from './candidate-queries.ts';
import { LIST } from './people-queries.ts';
import { boostsSql, boostsThere, type HomeParams, NOT_HIDDEN } from './queries.ts';

type ListParams = HomeParams & { listId: number };

/** Whose comments a list shows: what people say below their own posts and to its owner, unless none at all. */
const REPLIES = {
  none: 'p.in_reply_to_account_id IS NULL',
  list: `(p.in_reply_to_account_id IS NULL
    OR p.in_reply_to_account_id IN (p.account_id, $viewerId)
    OR p.in_reply_to_account_id IN (SELECT r.account_id FROM list_accounts r
      WHERE r.list_id = $listId))`,
  followed: `(p.in_reply_to_account_id IS NULL
    OR p.in_reply_to_account_id IN (p.account_id, $viewerId)
    OR p.in_reply_to_account_id IN (SELECT r.followee_id FROM follows r
      WHERE r.follower_id = $viewerId AND r.state = 'accepted'))`,
} as const;

/** Ids of the posts of the people on a list, like those of the home timeline. */
export function listPostIds(
  db: Database,
  { viewerId, now, listId }: ListParams,
  replies: keyof typeof REPLIES,
  page: Page,
): number[] {
  const rows = db
    .query<{ id: number }, Bounds & { viewerId: number; now: number; listId: number }>(
      `SELECT p.id FROM posts p INDEXED BY posts_by_account
       WHERE p.account_id IN (${LIST.authors}) AND p.id < $maxId AND p.id > $sinceId
         AND ${REPLIES[replies]} AND p.archived_at IS NULL
         AND p.visibility IN ('public', 'unlisted', 'followers') AND ${NOT_HIDDEN}
       ORDER BY p.id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...bounds(page), viewerId, now, listId });
  return newestFirst(rows, page);
}

const BOOSTS_THERE = boostsThere(LIST.sharers, `p.account_id IN (${LIST.authors})`);

/** Ids of the boosts by the people on a list, of posts that are not theirs. */
export function listBoostIds(db: Database, params: ListParams, page: Page): number[] {
  const { viewerId, now, listId } = params;
  const sql = { newest: boostsSql(page, LIST.sharers), there: BOOSTS_THERE };
  return listFittingCandidates(db, page, sql, { newest: { viewerId, now, listId }, there: params });
}
