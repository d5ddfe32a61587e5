import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { viewerParams } from '#domain/posts/reading.ts';
import { listTagIds, type OriginFilter } from './queries.ts';

/** Ids of the newest public posts with a tag, in any spelling of it; strangers get those of this instance. */
export function tagTimeline(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  tag: string,
  page: Page,
  filter: OriginFilter = {},
): number[] {
  return listTagIds(ctx.db, viewerParams(ctx, viewer), foldTag(tag), page, filter);
}
