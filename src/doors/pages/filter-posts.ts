import type { Context } from '#base/context.ts';
import type { FilterContext } from '#domain/filters/queries.ts';
import { applyFilters } from '#doors/entities/filtered.ts';
import type { StatusJson } from '#doors/entities/types.ts';

/**
 * Posts as a page shows them to somebody with filters: what is to be hidden in this place is gone, and
 * `filtered` names only filters that count here, by which the rest is covered.
 */
export function filterPosts(
  ctx: Context,
  viewer: { id: number } | null,
  context: FilterContext,
  posts: StatusJson[],
): StatusJson[] {
  return applyFilters(ctx, viewer, context, posts).map((post) => {
    if (post.filtered.length === 0) return post;
    const filtered = post.filtered.filter(({ filter }) => filter.context.includes(context));
    return {
      ...post,
      filtered,
      reblog: post.reblog === null ? null : { ...post.reblog, filtered },
    };
  });
}
