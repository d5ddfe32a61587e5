import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { type AccountRow, findAccount, findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { listPeople } from '#domain/relationships/reading.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { PeoplePage } from '#doors/entities/page-types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import type { Caller } from '#doors/http/caller.ts';
import { notFound } from '#doors/http/errors.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { acctOf, findProfile, moveTo, nameParams, profilePathOf } from './find-profile.ts';
import { nameOf } from './page-heads.ts';
import { readSlice } from './page-slices.ts';
import { showElsewhereAccount } from './show-elsewhere.ts';
import { personRows } from './standing.ts';

const PEOPLE = 40;
type Kind = PeoplePage['kind'];

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
    return showPeople(ctx, request, caller, { row, kind, path });
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
        return showPeople(ctx, request, caller, { row, kind: 'requests', path: '/requests' });
      },
      { signedIn: 'read:follows', parse: 'none' },
    );
};

async function showPeople(
  ctx: Context,
  request: Request,
  caller: Caller,
  list: { row: AccountRow; kind: Kind; path: string },
): Promise<Response> {
  const { row, kind, path } = list;
  const page = { ...readPage(readQuery(request)), limit: PEOPLE };
  const { ids, newer, older } = readSlice(path, page, (slice) =>
    listPeople(ctx.db, kind, row.id, slice),
  );
  const [profile] = accountsJson(ctx, [row]);
  if (!profile) throw notFound(request);
  const props: PeoplePage = {
    kind,
    profile: { ...profile, hide_collections: row.hideCollections !== 0 },
    own: caller.viewer?.id === row.id,
    people: personRows(ctx, caller.viewer, known(ctx, caller.viewer, ids)),
    newer,
    older,
  };
  const title = kind === 'requests' ? 'Follow requests' : `${nameOf(profile)}: ${kind}`;
  return await showPage(ctx, request, { page: 'people', title, props }, { caller });
}

/** Strangers see the people of this server alone. */
function known(ctx: Context, viewer: Viewer | null, ids: readonly number[]): AccountRow[] {
  const rows = findAccounts(ctx.db, ids);
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row && (viewer !== null || row.domain === null) ? [row] : [];
  });
}
