import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isClosed, viewerParams } from '#domain/posts/reading.ts';
import { listPublicIds, type PublicFilter } from './public-queries.ts';

/** Ids of the newest public posts that are known here; strangers get those of this instance, and none where it is closed. */
export function publicTimeline(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  page: Page,
  filter: PublicFilter = {},
): number[] {
  if (viewer === null && isClosed(ctx)) return [];
  return listPublicIds(ctx.db, { ...viewerParams(ctx, viewer), now: ctx.now() }, page, filter);
}
