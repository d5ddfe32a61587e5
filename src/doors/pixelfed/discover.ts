import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import {
  popularAccounts,
  popularPosts,
  popularTags,
  relatedTags,
} from '#domain/discovery/popular.ts';
import type { PopularTag } from '#domain/discovery/popular-queries.ts';
import { addresses } from '#doors/entities/addresses.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { readPage } from '#doors/http/links.ts';
import { accountList, statusList } from './seen.ts';

const DAYS: Readonly<Record<string, number>> = { daily: 1, weekly: 7, monthly: 30, yearly: 365 };
/** Days after which a tag is no longer in fashion. */
const TAG_DAYS = 30;

/** What Pixelfed's apps show to look around: all of it by real likes and tags, within what the viewer may see. */
export const discover = (ctx: Context): AnyElysia => {
  const here = (asked: Asked) => posts(ctx, asked, 'here');
  const elsewhere = (asked: Asked) => posts(ctx, asked, 'elsewhere');
  const hashtags = ({ request, viewer }: Asked) => {
    const { limit } = readPage(readQuery(request), { default: 12 });
    const found = popularTags(ctx, viewer, { days: TAG_DAYS, limit });
    return Response.json(found.map((tag) => tagJson(ctx, tag)));
  };
  const people = ({ request, viewer }: Asked) => {
    const { limit } = readPage(readQuery(request), { default: 20 });
    return accountList(ctx, popularAccounts(ctx, viewer, limit));
  };
  return new Elysia({ name: 'pixelfed.discover' })
    .use(authPlugin(ctx))
    .get('/api/v1.1/discover/posts/trending', here, reads())
    .get('/api/pixelfed/v1/discover/posts/trending', here, reads())
    .get('/api/pixelfed/v2/discover/posts/trending', here, reads())
    .get('/api/v1.1/discover/posts/network/trending', elsewhere, reads())
    .get('/api/pixelfed/v1/discover/posts/network/trending', elsewhere, reads())
    .get('/api/v1/discover/posts', here, reads())
    .get('/api/v1.1/discover/posts/hashtags', hashtags, reads())
    .get('/api/pixelfed/v1/discover/posts/hashtags', hashtags, reads())
    .get('/api/pixelfed/v2/discover/posts/hashtags', hashtags, reads())
    .get('/api/v1.1/discover/accounts/popular', people, reads())
    .get('/api/pixelfed/v1/discover/accounts/popular', people, reads())
    .get(
      '/api/v1/tags/:name/related',
      ({ params, viewer }) => {
        const found = relatedTags(ctx, viewer, params.name, 20);
        return Response.json(
          found.map(({ name, display, posts: count }) => ({
            name: display,
            url: addresses(ctx.config).tag(name),
            related_count: count,
          })),
        );
      },
      reads(),
    );
};

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:statuses', parse: 'none' }) as const;

type Asked = { request: Request; viewer: Viewer };

function posts(ctx: Context, { request, viewer }: Asked, from: 'here' | 'elsewhere'): Response {
  const query = readQuery(request);
  const { limit } = readPage(query, { default: 40 });
  const range = typeof query.range === 'string' && Object.hasOwn(DAYS, query.range);
  const days = (range ? DAYS[String(query.range)] : undefined) ?? 1;
  return statusList(ctx, viewer, popularPosts(ctx, viewer, { days, from, limit }));
}

function tagJson(ctx: Context, { id, name, display, posts: count }: PopularTag) {
  return {
    id: String(id),
    name: display,
    hashtag: `#${display}`,
    url: addresses(ctx.config).tag(name),
    total: count,
    count,
  };
}
