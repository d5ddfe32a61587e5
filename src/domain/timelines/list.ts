import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readSeen } from '#domain/posts/interactions.ts';
import { viewerParams } from '#domain/posts/reading.ts';
import { mergeNewest } from '#domain/posts/slice.ts';
import { readList } from '#domain/relationships/lists.ts';
import { listBoostIds, listPostIds } from './list-queries.ts';

/**
 * Ids of what the people on one of the viewer's lists post and boost, newest first, with comments as
 * the list wants them. Throws `not_found` for somebody else's list.
 */
export function listTimeline(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  listId: number,
  page: Page,
): number[] {
  const { repliesPolicy } = readList(ctx, viewer, listId);
  const params = { ...viewerParams(ctx, viewer), now: ctx.now(), listId };
  const posts = listPostIds(ctx.db, params, repliesPolicy, page);
  const boosts = readSeen(ctx, viewer).boosts ? listBoostIds(ctx.db, params, page) : [];
  return mergeNewest(posts, boosts, page);
}
