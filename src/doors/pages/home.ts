import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { findOwner } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isFederating } from '#domain/federate.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { readSetting } from '#domain/settings.ts';
import { homeTimeline } from '#domain/timelines/home.ts';
import { publicTimeline } from '#domain/timelines/public.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import type { Caller } from '#doors/http/caller.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { filterPosts } from './filter-posts.ts';
import { showProfile } from './show-profile.ts';
import { readShown } from './shown-slice.ts';
import { keepForStrangers } from './stranger-cache.ts';

const POSTS = 20;

/**
 * `/`: the home timeline. Strangers see what the instance is about: on a solo instance the owner's
 * profile, else the newest public posts (a closed instance has sent them to the sign-in before).
 */
export const home = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.home' }).use(authPlugin(ctx)).get(
    '/',
    ({ request, caller, viewer }) =>
      keepForStrangers(ctx, request, caller, () => {
        if (viewer === null && readSetting(ctx, 'mode') === 'solo') {
          const owner = findOwner(ctx.db);
          if (owner && canSeeAccount(owner, viewer, isClosed(ctx))) {
            return showProfile(ctx, request, caller, owner, '/');
          }
        }
        return showHome(ctx, request, caller, viewer);
      }),
    { caller: 'read:statuses', parse: 'none' },
  );

function showHome(
  ctx: Context,
  request: Request,
  caller: Caller,
  viewer: Viewer | null,
): Promise<Response> {
  const page = { ...readPage(readQuery(request)), limit: POSTS };
  const { posts, newer, older } = readShown(ctx, viewer, 'home', '/', page, (slice) =>
    viewer === null
      ? publicTimeline(ctx, null, slice, { onlyMedia: true })
      : homeTimeline(ctx, viewer, slice),
  );
  const first = page.maxId === null && page.minId === null && page.sinceId === null;
  const others =
    viewer !== null && first && posts.length === 0
      ? publicTimeline(ctx, viewer, page, { onlyMedia: true })
      : [];
  const props = {
    posts,
    everybody: filterPosts(ctx, viewer, 'public', statusesByIds(ctx, viewer, others)),
    ...{ heading: null, tab: 'home' as const, tag: null, federating: isFederating(ctx) },
    newer,
    older,
  };
  const title = viewer === null ? readSetting(ctx, 'instance.name') : 'Home';
  return showPage(ctx, request, { page: 'home', title, props }, { cache: 'public', caller });
}
