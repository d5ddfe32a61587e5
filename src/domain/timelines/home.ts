import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { listFamilyIds, listHomeIds } from './queries.ts';

/**
 * Ids of the posts in the home timeline, newest first: the viewer's own and those of the people
 * they follow, comments left out; in family mode also what every other member shares with all.
 * Whoever shows them reads each through the visibility predicate.
 */
export function homeTimeline(ctx: Context, viewer: Pick<Viewer, 'id'>, page: Page): number[] {
  return isClosed(ctx)
    ? listFamilyIds(ctx.db, viewer.id, page)
    : listHomeIds(ctx.db, viewer.id, page);
}
