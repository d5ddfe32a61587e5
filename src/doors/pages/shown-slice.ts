import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { FilterContext } from '#domain/filters/queries.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { filterPosts } from './filter-posts.ts';
import { readSlice, type Slice } from './page-slices.ts';

/** Slices that are read at most to fill a page of which a filter took something. */
const SLICES = 5;

type Shown = { posts: StatusJson[]; newer: string | null; older: string | null };

/**
 * One page of posts as the viewer's filters leave them. Where a filter took some, the page is filled
 * with what comes next, so that nobody sees half a page or an empty one; a filter that takes nearly
 * everything ends that after some slices.
 */
export function readShown(
  ctx: Context,
  viewer: { id: number } | null,
  context: FilterContext,
  base: string,
  page: Page,
  list: (page: Page) => number[],
): Shown {
  const draw = ({ ids }: Slice) =>
    filterPosts(ctx, viewer, context, statusesByIds(ctx, viewer, ids));
  const first = readSlice(base, page, list);
  const posts = draw(first);
  const upwards = page.minId !== null && first.newer !== null;
  let edge = first;
  for (let read = 1; read < SLICES && posts.length < page.limit; read += 1) {
    const end = upwards ? edge.ids[0] : edge.ids.at(-1);
    if ((upwards ? edge.newer : edge.older) === null || end === undefined) break;
    const bounds = { sinceId: null, minId: upwards ? end : null, maxId: upwards ? null : end };
    const found = readSlice(base, { ...page, ...bounds }, list);
    // Whoever comes to the top gets the first page, which begins anew.
    if (upwards && found.newer === null)
      return readShown(ctx, viewer, context, base, firstOf(page), list);
    edge = found;
    if (upwards) posts.unshift(...draw(found));
    else posts.push(...draw(found));
  }
  return cut(base, page.limit, upwards, posts, first, edge);
}

const firstOf = (page: Page): Page => ({ ...page, maxId: null, minId: null, sinceId: null });

/** Keeps as many as fit, next to where the page began; what is left over begins the neighbour. */
function cut(
  base: string,
  limit: number,
  upwards: boolean,
  posts: StatusJson[],
  first: Slice,
  edge: Slice,
): Shown {
  const over = posts.length > limit;
  if (upwards) {
    const kept = over ? posts.slice(-limit) : posts;
    const newer = over ? `${base}?min_id=${kept[0]?.id}` : edge.newer;
    return { posts: kept, newer, older: first.older };
  }
  const kept = over ? posts.slice(0, limit) : posts;
  const older = over ? `${base}?max_id=${kept.at(-1)?.id}` : edge.older;
  return { posts: kept, newer: first.newer, older };
}
