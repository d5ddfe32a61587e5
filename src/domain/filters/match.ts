import type { Context } from '#base/context.ts';
import type { FilterContext } from './queries.ts';
import { type Filter, listFilters } from './reading.ts';

type Asker = { id: number };
type Compiled = { filter: Filter; words: { text: string; pattern: RegExp }[]; posts: Set<number> };

/** A filter that a post meets, and by what. */
export type FilterMatch = { filter: Filter; keywords: string[]; postIds: number[] };

const MOST_VIEWERS = 500;
const caches = new WeakMap<object, Map<number, readonly Compiled[]>>();

/** Forgets what is known of somebody's filters: they were changed. */
export function forgetFilters(ctx: Pick<Context, 'db'>, viewerId: number): void {
  caches.get(ctx.db)?.delete(viewerId);
}

/** True if the viewer has any filter that counts now; asks the database once a viewer and change. */
export function hasFilters(ctx: Pick<Context, 'db' | 'now'>, viewer: Asker): boolean {
  return activeFilters(ctx, viewer).length > 0;
}

/**
 * The filters of the viewer that a post meets, by its words or by itself. `texts` are plain: caption,
 * warning, alt texts, tags.
 */
export function matchFilters(
  ctx: Pick<Context, 'db' | 'now'>,
  viewer: Asker,
  post: { ids: readonly number[]; texts: readonly string[] },
): FilterMatch[] {
  const text = post.texts.join('\n');
  return activeFilters(ctx, viewer).flatMap(({ filter, words, posts }) => {
    const keywords = words.filter(({ pattern }) => pattern.test(text)).map((word) => word.text);
    const postIds = post.ids.filter((id) => posts.has(id));
    return keywords.length + postIds.length === 0 ? [] : [{ filter, keywords, postIds }];
  });
}

/** Whether a match takes the post out of a place altogether. */
export function hides(match: FilterMatch, context: FilterContext): boolean {
  return match.filter.action === 'hide' && match.filter.contexts.includes(context);
}

function activeFilters(ctx: Pick<Context, 'db' | 'now'>, viewer: Asker): readonly Compiled[] {
  const cache = caches.get(ctx.db) ?? new Map<number, readonly Compiled[]>();
  caches.set(ctx.db, cache);
  let known = cache.get(viewer.id);
  if (!known) {
    if (cache.size >= MOST_VIEWERS) cache.clear();
    known = listFilters(ctx, viewer).map(compile);
    cache.set(viewer.id, known);
  }
  const now = ctx.now();
  return known.filter(({ filter }) => filter.expiresAt === null || filter.expiresAt > now);
}

function compile(filter: Filter): Compiled {
  return {
    filter,
    words: filter.keywords.map(({ keyword, wholeWord }) => ({
      text: keyword,
      pattern: patternOf(keyword, wholeWord !== 0),
    })),
    posts: new Set(filter.posts.map((each) => each.postId)),
  };
}

const WORD = '[\\p{L}\\p{M}\\p{N}_]';

/** Only plain text goes in, so no word makes the search slow; edges count where they are of a word. */
function patternOf(keyword: string, wholeWord: boolean): RegExp {
  const text = keyword.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+');
  const isWord = new RegExp(WORD, 'u');
  const [first = ''] = keyword;
  const last = [...keyword].at(-1) ?? '';
  const before = wholeWord && isWord.test(first) ? `(?<!${WORD})` : '';
  const after = wholeWord && isWord.test(last) ? `(?!${WORD})` : '';
  return new RegExp(`${before}${text}${after}`, 'iu');
}
