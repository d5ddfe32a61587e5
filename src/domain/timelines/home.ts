import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import { readChangeStamp } from '#base/db/watch-changes.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readSeen } from '#domain/posts/interactions.ts';
import { isClosed, viewerParams } from '#domain/posts/reading.ts';
import { mergeNewest } from '#domain/posts/slice.ts';
import {
  hasFollowedTags,
  listFamilyIds,
  listHomeBoostIds,
  listHomeIds,
  listHomeTaggedIds,
} from './queries.ts';

const MOST_LISTS = 500;

const remembered = new WeakMap<Context, { stamp: string; lists: Map<string, number[]> }>();

/**
 * Ids of the posts in the home timeline, newest first: the viewer's own and those of the people
 * they follow, comments left out, with ids of boosts of other posts and public posts with followed
 * tags among them, each post once; in family mode also what every other member shares with all. Muted
 * people, hidden servers and people of exclusive lists are left out.
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
  const ids = readHome(ctx, viewer, page);
  memory.lists.set(key, ids);
  return [...ids];
}

function readHome(ctx: Context, viewer: Pick<Viewer, 'id'>, page: Page): number[] {
  const { db } = ctx;
  const params = { ...viewerParams(ctx, viewer), now: ctx.now() };
  const posts = (isClosed(ctx) ? listFamilyIds : listHomeIds)(db, params, page);
  const boosts = readSeen(ctx, viewer).boosts ? listHomeBoostIds(db, params, page) : [];
  const tagged = hasFollowedTags(db, viewer.id) ? listHomeTaggedIds(db, params, page) : [];
  return mergeNewest(posts, [...boosts, ...tagged], page);
}
