import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { listPeople } from '#domain/relationships/reading.ts';
import { authPlugin } from '#doors/http/auth.ts';
import type { Caller } from '#doors/http/caller.ts';
import { notFound } from '#doors/http/errors.ts';
import { acctOf, findProfile, moveTo, nameParams, profilePathOf } from './find-profile.ts';
import { showElsewhereAccount } from './show-elsewhere.ts';
import { showPeople } from './show-people.ts';

/** `/@name/followers`, `/@name/following`, and `/requests`: who asks to follow the viewer. */
export const people = (ctx: Context): AnyElysia => {
  const show = (
    { request, params, caller }: { request: Request; params: { name: string }; caller: Caller },
    kind: 'followers' | 'following',
  ): Response | Promise<Response> => {
    const row = findProfile(ctx, request, caller.viewer, params.name);
    const path = `${profilePathOf(row)}/${kind}`;
    if (params.name !== acctOf(row)) return moveTo(path);
    if (row.domain !== null && caller.viewer === null) {
      return showElsewhereAccount(ctx, request, caller, row);
    }
    // A list that is hidden looks like one that is not there.
    if (row.hideCollections !== 0 && caller.viewer?.id !== row.id) throw notFound(request);
    const viewerId = caller.viewer?.id ?? 0;
    const list = (page: Page) => listPeople(ctx.db, kind, row.id, page, viewerId);
    return showPeople(ctx, request, caller, { row, kind, path, list });
  };
  return new Elysia({ name: 'pages.people' })
    .use(authPlugin(ctx))
    .get('/@:name/followers', (input) => show(input, 'followers'), {
      caller: 'read:accounts',
      parse: 'none',
      params: nameParams,
    })
    .get('/@:name/following', (input) => show(input, 'following'), {
      caller: 'read:accounts',
      parse: 'none',
      params: nameParams,
    })
    .get(
      '/requests',
      ({ request, caller, viewer }) => {
        const row = findAccount(ctx.db, viewer.id);
        if (!row) throw notFound(request);
        const list = (page: Page) => listPeople(ctx.db, 'requests', row.id, page, row.id);
        const path = '/requests';
        return showPeople(ctx, request, caller, { row, kind: 'requests', path, list });
      },
      { signedIn: 'read:follows', parse: 'none' },
    );
};
