import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { viewerParams } from '#domain/posts/reading.ts';
import { listTagIds, type PublicFilter, type TagFilter } from './public-queries.ts';

/**
 * Ids of the newest public posts with a tag (or one of `any`, with all of `all` and none of `none`),
 * in any spelling of it; strangers get those of this instance.
 */
export function tagTimeline(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  tag: string,
  page: Page,
  filter: PublicFilter & Partial<TagFilter> = {},
): number[] {
  const fold = (names: string[] = []) => [...new Set(names.map(foldTag))];
  const { any = [], all, none, ...from } = filter;
  const tags = { any: fold([tag, ...any]), all: fold(all), none: fold(none) };
  const params = { ...viewerParams(ctx, viewer), now: ctx.now() };
  return listTagIds(ctx.db, params, tags, page, from);
}
