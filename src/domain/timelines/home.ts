import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import { readChangeStamp } from '#base/db/watch-changes.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isClosed, viewerParams } from '#domain/posts/reading.ts';
import { mergeNewest } from '#domain/posts/slice.ts';
import { listFamilyIds, listHomeBoostIds, listHomeIds } from './queries.ts';

const MOST_LISTS = 500;

const remembered = new WeakMap<Context, { stamp: string; lists: Map<string, number[]> }>();

/**
 * Ids of the posts in the home timeline, newest first: the viewer's own and those of the people
 * they follow, comments left out, with ids of boosts of other posts among them, each post once; in
 * family mode also what every other member shares with all.
 * Whoever shows them reads each through the visibility predicate. Apps ask again and again while
 * nothing happens: a list is remembered until anything at all is written.
 */
export function homeTimeline(ctx: Context, viewer: Pick<Viewer, 'id'>, page: Page): number[] {
  const stamp = readChangeStamp(ctx.db);
  let memory = remembered.get(ctx);
  if (memory?.stamp !== stamp || memory.lists.size >= MOST_LISTS) {
    memory = { stamp, lists: new Map() };
    remembered.set(ctx, memory);
  }
  const key = [viewer.id, page.limit, page.maxId, page.sinceId, page.minId].join();
  const known = memory.lists.get(key);
  if (known) return [...known];
  const list = isClosed(ctx) ? listFamilyIds : listHomeIds;
  const boosts = listHomeBoostIds(ctx.db, viewerParams(ctx, viewer), page);
  const ids = mergeNewest(list(ctx.db, viewer.id, page), boosts, page);
  memory.lists.set(key, ids);
  return [...ids];
}
