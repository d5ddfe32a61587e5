import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { requestQuery } from '#doors/http/request-facts.ts';
import { answerFeed } from './feed.ts';
import { findProfile, moveTo, nameParams } from './find-profile.ts';
import { showProfile } from './show-profile.ts';
import { keepForStrangers } from './stranger-cache.ts';

/** `/@name` and `/@name.atom`; `/users/name`, the name for other servers, leads people here. */
export const profile = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.profile' })
    .use(authPlugin(ctx))
    .get(
      '/@:name',
      ({ request, params, caller }) =>
        keepForStrangers(ctx, request, caller, () => {
          const isFeed = params.name.endsWith('.atom');
          const name = isFeed ? params.name.slice(0, -'.atom'.length) : params.name;
          // A feed is the same for everybody: who asks does not count.
          const row = findProfile(ctx, request, isFeed ? null : caller.viewer, name);
          const path = `/@${row.username}${isFeed ? '.atom' : ''}`;
          if (name !== row.username) return moveTo(withQuery(path, request));
          if (isFeed) return answerFeed(ctx, request, row);
          return showProfile(ctx, request, caller, row, path);
        }),
      { caller: 'read:accounts', parse: 'none', params: nameParams },
    )
    .get(
      '/users/:name',
      ({ request, params, viewer }) =>
        moveTo(`/@${findProfile(ctx, request, viewer, params.name).username}`),
      { caller: 'read:accounts', parse: 'none', params: nameParams },
    );

function withQuery(path: string, request: Request): string {
  const query = requestQuery(request);
  return query === '' ? path : `${path}?${query}`;
}
