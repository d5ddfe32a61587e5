import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { popularPosts, popularTags } from '#domain/discovery/popular.ts';
import { applyFilters } from '#doors/entities/filtered.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { tagsJson } from '#doors/entities/tag.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { readPage } from '#doors/http/links.ts';

const MINUTE = 60_000;
const DAYS = 7;
/** How many are worked out at once; pages are cut out of them. */
const MOST = 80;
const MOST_PEOPLE = 500;

type Asked = { request: Request; viewer: Viewer | null };

/**
 * What many like at the moment (docs.joinmastodon.org/methods/trends): worked out once a minute for
 * each person, and read through who may see it every time.
 */
export const trends = (ctx: Context): AnyElysia => {
  const posts = memory(ctx, (viewer) => {
    const wish = { days: DAYS, limit: MOST };
    const here = popularPosts(ctx, viewer, { ...wish, from: 'here' });
    const elsewhere =
      viewer === null ? [] : popularPosts(ctx, viewer, { ...wish, from: 'elsewhere' });
    return [...here, ...elsewhere].slice(0, MOST);
  });
  const tags = memory(ctx, (viewer) => popularTags(ctx, viewer, { days: DAYS, limit: MOST }));
  const answerTags = ({ request, viewer }: Asked) => {
    const list = slice(request, tags(viewer), 10);
    return Response.json(tagsJson(ctx, viewer, list));
  };
  return new Elysia({ name: 'mastodon.trends' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/trends/statuses',
      ({ request, viewer }) => {
        const found = statusesByIds(ctx, viewer, posts(viewer));
        const calm = found.filter((status) => !status.sensitive);
        return Response.json(slice(request, applyFilters(ctx, viewer, 'public', calm), 20));
      },
      { caller: 'read:statuses', parse: 'none' },
    )
    .get('/api/v1/trends/tags', answerTags, { caller: true, parse: 'none' })
    .get('/api/v1/trends', answerTags, { caller: true, parse: 'none' })
    .get('/api/v1/trends/links', () => Response.json([]), { caller: true, parse: 'none' });
};

/** Remembers an answer for each person for a minute. */
function memory<T>(ctx: Context, work: (viewer: Viewer | null) => T): (viewer: Viewer | null) => T {
  const known = new Map<number, { until: number; value: T }>();
  return (viewer) => {
    const key = viewer?.id ?? 0;
    const now = ctx.now();
    const before = known.get(key);
    if (before && before.until > now) return before.value;
    if (known.size >= MOST_PEOPLE) known.clear();
    const value = work(viewer);
    known.set(key, { until: now + MINUTE, value });
    return value;
  };
}

function slice<T>(request: Request, list: readonly T[], usual: number): T[] {
  const query = readQuery(request);
  const { limit } = readPage(query, { default: usual, max: 40 });
  const offset = Math.trunc(Number(query.offset ?? 0)) || 0;
  return list.slice(Math.max(0, offset), Math.max(0, offset) + limit);
}
