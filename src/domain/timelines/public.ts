import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { listPublicIds } from './queries.ts';

/** Ids of the newest public posts of this instance; none for strangers where it is closed. */
export function publicTimeline(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  page: Page,
  filter: { onlyMedia: boolean } = { onlyMedia: false },
): number[] {
  if (viewer === null && isClosed(ctx)) return [];
  return listPublicIds(ctx.db, page, filter);
}
