import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { firstPage } from '#base/core/page.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { popularAccounts, popularPosts, popularTags } from '#domain/discovery/popular.ts';
import { isFederating } from '#domain/federate.ts';
import { publicTimeline } from '#domain/timelines/public.ts';
import type { ExplorePage } from '#doors/entities/social-page-types.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import type { Caller } from '#doors/http/caller.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { filterPosts } from './filter-posts.ts';
import { readShown } from './shown-slice.ts';
import { personRows } from './standing.ts';
import { keepForStrangers } from './stranger-cache.ts';

const POSTS = 20;
const PHOTOS = 18;
const PEOPLE = 6;
const TAGS = 12;
/** How long something counts as of now, in days. */
const DAYS = 14;

/**
 * `/explore`: photos, hashtags and people that many like, with `/local` (everything public of this
 * server) and `/network` (of all servers that are known here, for members) beside it.
 */
export const explore = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.explore' })
    .use(authPlugin(ctx))
    .get(
      '/explore',
      ({ request, caller, viewer }) =>
        keepForStrangers(ctx, request, caller, () => {
          const props = readExplore(ctx, viewer);
          const content = { page: 'explore' as const, title: 'Explore', props };
          return showPage(ctx, request, content, { cache: 'public', caller });
        }),
      { caller: 'read:statuses', parse: 'none' },
    )
    .get(
      '/local',
      ({ request, caller }) =>
        keepForStrangers(ctx, request, caller, () => showTimeline(ctx, request, caller, 'local')),
      { caller: 'read:statuses', parse: 'none' },
    )
    .get('/network', ({ request, caller }) => showTimeline(ctx, request, caller, 'network'), {
      signedIn: 'read:statuses',
      parse: 'none',
    });

function readExplore(ctx: Context, viewer: Viewer | null): ExplorePage {
  const here = popularPosts(ctx, viewer, { days: DAYS, from: 'here', limit: PHOTOS });
  const elsewhere =
    viewer === null
      ? []
      : popularPosts(ctx, viewer, { days: DAYS, from: 'elsewhere', limit: PHOTOS - here.length });
  const people = popularAccounts(ctx, viewer, PEOPLE);
  const rows = findAccounts(ctx.db, people);
  return {
    federating: isFederating(ctx),
    posts: fill(ctx, viewer, [...here, ...elsewhere]),
    tags: popularTags(ctx, viewer, { days: DAYS, limit: TAGS }).map(({ display, posts }) => ({
      name: display,
      posts,
    })),
    people: personRows(
      ctx,
      viewer,
      people.flatMap((id) => rows.get(id) ?? []),
    ),
  };
}

/** Where little is liked yet, or filters took something, the newest photos of this server stand behind it. */
function fill(ctx: Context, viewer: Viewer | null, ids: number[]): StatusJson[] {
  const popular = shown(ctx, viewer, ids);
  if (popular.length >= PHOTOS) return popular.slice(0, PHOTOS);
  const first = firstPage(PHOTOS + ids.length);
  const newest = publicTimeline(ctx, viewer, first, { onlyMedia: true, local: true });
  const others = newest.filter((id) => !ids.includes(id));
  return [...popular, ...shown(ctx, viewer, others)].slice(0, PHOTOS);
}

const shown = (ctx: Context, viewer: Viewer | null, ids: number[]) =>
  filterPosts(ctx, viewer, 'public', statusesByIds(ctx, viewer, ids));

function showTimeline(
  ctx: Context,
  request: Request,
  caller: Caller,
  tab: 'local' | 'network',
): Promise<Response> {
  const page = { ...readPage(readQuery(request)), limit: POSTS };
  const filter = { onlyMedia: true, local: tab === 'local' };
  const timeline = readShown(ctx, caller.viewer, 'public', `/${tab}`, page, (slice) =>
    publicTimeline(ctx, caller.viewer, slice, filter),
  );
  const props = {
    ...timeline,
    ...{ everybody: [], heading: null, tab, tag: null },
    federating: isFederating(ctx),
  };
  const title = tab === 'local' ? 'This server' : 'All servers';
  return showPage(ctx, request, { page: 'home', title, props }, { cache: 'public', caller });
}
