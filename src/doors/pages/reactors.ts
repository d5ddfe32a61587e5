import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { listReactors } from '#domain/posts/reaction-queries.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { notFound } from '#doors/http/errors.ts';
import { findPagePost, pathOf, postParams } from './find-profile.ts';
import { showPeople } from './show-people.ts';

type Asked = {
  request: Request;
  params: { name: string; id: string };
  viewer: Viewer;
  caller: SignedInCaller;
};

/** `/@name/ID/likes` and `/@name/ID/boosts`: who liked a post, and who boosted it. */
export const reactors = (ctx: Context): AnyElysia => {
  const show =
    (kind: 'likes' | 'boosts') =>
    ({ request, params, viewer, caller }: Asked) => {
      const post = findPagePost(ctx, request, viewer, params);
      const row = findAccount(ctx.db, Number(post.account.id));
      if (!row) throw notFound(request);
      const table = kind === 'likes' ? 'likes' : 'shares';
      const list = (page: Page) => listReactors(ctx, viewer, table, Number(post.id), page);
      const back = pathOf(post);
      return showPeople(ctx, request, caller, { row, kind, path: `${back}/${kind}`, list, back });
    };
  return new Elysia({ name: 'pages.reactors' })
    .use(authPlugin(ctx))
    .get('/@:name/:id/likes', show('likes'), {
      signedIn: 'read:accounts',
      parse: 'none',
      params: postParams,
    })
    .get('/@:name/:id/boosts', show('boosts'), {
      signedIn: 'read:accounts',
      parse: 'none',
      params: postParams,
    });
};
