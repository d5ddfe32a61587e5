import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readSeen } from './interactions.ts';
import { VISIBLE, type ViewerParams, viewerParams } from './reading.ts';
import { type Bounds, bounds, direction, newestFirst } from './slice.ts';

/**
 * Ids of the accounts that liked or boosted a post that the viewer sees, newest account first; whom
 * the viewer does not get to see, on either side of a block or suspended, is left out. Nobody where
 * likes or boosts are not shown.
 */
export function listReactors(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  kind: 'likes' | 'shares',
  postId: number,
  page: Page,
): number[] {
  const seen = readSeen(ctx, viewer);
  if (kind === 'likes' ? !seen.likes : !seen.boosts) return [];
  const rows = ctx.db
    .query<{ id: number }, Bounds & { viewerId: number; postId: number }>(
      `SELECT r.account_id AS id FROM ${kind} r JOIN accounts a ON a.id = r.account_id
       WHERE r.post_id = $postId AND r.account_id < $maxId AND r.account_id > $sinceId
         AND a.suspended_at IS NULL AND a.deletion_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM blocks
           WHERE account_id = $viewerId AND target_id = r.account_id)
         AND NOT EXISTS (SELECT 1 FROM blocks
           WHERE account_id = r.account_id AND target_id = $viewerId)
       ORDER BY r.account_id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...bounds(page), viewerId: viewer?.id ?? 0, postId });
  return newestFirst(rows, page);
}

/** A post that somebody liked or kept; `at` (milliseconds) is where its page begins and ends. */
export type Kept = { id: number; at: number };

/** What the viewer liked or kept, the last first; paged by when that was, which no two share. */
export function listKept(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  kind: 'likes' | 'bookmarks',
  page: Page,
): Kept[] {
  const rows = ctx.db
    .query<Kept, Bounds & ViewerParams>(
      `SELECT r.post_id AS id, r.created_at AS at FROM ${kind} r JOIN posts p ON p.id = r.post_id
         JOIN accounts a ON a.id = p.account_id
       WHERE r.account_id = $viewerId AND r.created_at < $maxId AND r.created_at > $sinceId
         AND ${VISIBLE}
       ORDER BY r.created_at ${direction(page)}, r.post_id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...viewerParams(ctx, viewer), ...bounds(page) });
  return page.minId !== null ? rows.reverse() : rows;
}
