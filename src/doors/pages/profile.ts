import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { fetchProfile } from '#doors/federation/remote/fetch-profile.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { notFound } from '#doors/http/errors.ts';
import { requestQuery } from '#doors/http/request-facts.ts';
import { answerFeed } from './feed.ts';
import {
  acctOf,
  findNamed,
  findProfile,
  moveTo,
  nameParams,
  profilePathOf,
} from './find-profile.ts';
import { lookUp } from './look-up.ts';
import { showElsewhereAccount } from './show-elsewhere.ts';
import { showProfile } from './show-profile.ts';
import { keepForStrangers } from './stranger-cache.ts';

/** `/@name` and `/@name.atom`; `/users/name`, the name for other servers, leads people here. */
export const profile = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.profile' })
    .use(authPlugin(ctx))
    .get(
      '/@:name',
      ({ request, params, caller }) =>
        keepForStrangers(ctx, request, caller, async () => {
          const isFeed = params.name.endsWith('.atom');
          const name = isFeed ? params.name.slice(0, -'.atom'.length) : params.name;
          // A feed is the same for everybody: who asks does not count.
          const row = await findOrLookUp(ctx, request, isFeed ? null : caller.viewer, name);
          const path = `${profilePathOf(row)}${isFeed ? '.atom' : ''}`;
          if (name !== acctOf(row)) return moveTo(withQuery(path, request));
          if (row.domain !== null && isFeed) throw notFound(request);
          if (row.domain !== null && caller.viewer === null) {
            return showElsewhereAccount(ctx, request, caller, row);
          }
          if (isFeed) return answerFeed(ctx, request, row);
          if (row.domain !== null) fetchProfile(ctx, row.id);
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

/** As `findProfile`; but for a member, somebody who is not known yet is asked for at their server. */
async function findOrLookUp(
  ctx: Context,
  request: Request,
  viewer: Viewer | null,
  name: string,
): Promise<AccountRow> {
  const unknown = viewer !== null && name.includes('@') && findNamed(ctx, name) === null;
  return unknown ? await lookUp(ctx, viewer, name) : findProfile(ctx, request, viewer, name);
}

function withQuery(path: string, request: Request): string {
  const query = requestQuery(request);
  return query === '' ? path : `${path}?${query}`;
}
