import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { listKept } from '#domain/posts/reaction-queries.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { readSlice } from './page-slices.ts';

const POSTS = 20;
const TITLES = { bookmarks: 'Bookmarks', likes: 'Likes' } as const;

/** `/bookmarks` and `/likes`: what the viewer kept and liked, the last first. */
export const keptPages = (ctx: Context): AnyElysia => {
  const show =
    (kind: keyof typeof TITLES) =>
    ({ request, caller }: { request: Request; caller: SignedInCaller }) => {
      const { viewer } = caller;
      const page = { ...readPage(readQuery(request)), limit: POSTS };
      // The pages turn by when something was kept, not by the post.
      const postAt = new Map<number, number>();
      const slice = readSlice(`/${kind}`, page, (part) =>
        listKept(ctx, viewer, kind, part).map(({ id, at }) => {
          postAt.set(at, id);
          return at;
        }),
      );
      const ids = slice.ids.flatMap((at) => postAt.get(at) ?? []);
      const props = {
        posts: statusesByIds(ctx, viewer, ids),
        ...{ everybody: [], heading: TITLES[kind], tab: kind, tag: null, federating: true },
        ...{ newer: slice.newer, older: slice.older },
      };
      return showPage(ctx, request, { page: 'home', title: TITLES[kind], props }, { caller });
    };
  return new Elysia({ name: 'pages.kept' })
    .use(authPlugin(ctx))
    .get('/bookmarks', show('bookmarks'), { signedIn: 'read:bookmarks', parse: 'none' })
    .get('/likes', show('likes'), { signedIn: 'read:favourites', parse: 'none' });
};
