import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { viewerParams } from '#domain/posts/reading.ts';
import { findByWords } from './search-queries.ts';
import { searchQuery } from './search-query.ts';

/** Which posts are looked for. */
export type PostSearch = {
  text: string;
  limit: number;
  offset?: number;
  /** Only older ones. */
  maxId?: number | null;
  /** Only newer ones. */
  minId?: number | null;
  /** Only of this account. */
  accountId?: number | null;
};

/**
 * Ids of the posts that have all words of a text in caption, warning, place or alt texts, the newest
 * first. Only what the viewer may see; posts of other servers only of people who want to be searched or
 * whom the viewer follows.
 */
export function searchPosts(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  search: PostSearch,
): number[] {
  const words = searchQuery(search.text);
  if (words === null) return [];
  return findByWords(ctx.db, {
    ...viewerParams(ctx, viewer),
    now: ctx.now(),
    words,
    limit: search.limit,
    offset: search.offset ?? 0,
    maxId: search.maxId ?? Number.MAX_SAFE_INTEGER,
    minId: search.minId ?? 0,
    accountId: search.accountId ?? 0,
  });
}
