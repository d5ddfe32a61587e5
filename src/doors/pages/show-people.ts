import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import { type AccountRow, findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { PeoplePage } from '#doors/entities/page-types.ts';
import { readQuery } from '#doors/http/body.ts';
import type { Caller } from '#doors/http/caller.ts';
import { notFound } from '#doors/http/errors.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { nameOf } from './page-heads.ts';
import { readSlice } from './page-slices.ts';
import { personRows } from './standing.ts';

const PEOPLE = 40;
type Kind = PeoplePage['kind'];

type PeopleList = {
  /** Whose list it is. */
  row: AccountRow;
  kind: Kind;
  /** The address whose query turns the pages. */
  path: string;
  /** Ids of one page. */
  list: (page: Page) => number[];
  /** Where the list belongs, if not to the profile. */
  back?: string;
};

const TITLES: Readonly<Partial<Record<Kind, string>>> = {
  requests: 'Follow requests',
  likes: 'Liked by',
  boosts: 'Boosted by',
  muted: 'People you muted',
  blocked: 'People you blocked',
};

/** Shows a list of people, each with what can be done about them. */
export async function showPeople(
  ctx: Context,
  request: Request,
  caller: Caller,
  { row, kind, path, list, back }: PeopleList,
): Promise<Response> {
  const page = { ...readPage(readQuery(request)), limit: PEOPLE };
  const { ids, newer, older } = readSlice(path, page, list);
  const [profile] = accountsJson(ctx, [row]);
  if (!profile) throw notFound(request);
  const props: PeoplePage = {
    kind,
    profile: { ...profile, hide_collections: row.hideCollections !== 0 },
    own: caller.viewer?.id === row.id,
    people: personRows(ctx, caller.viewer, known(ctx, caller.viewer, ids)),
    back: back ?? null,
    newer,
    older,
  };
  const title = TITLES[kind] ?? `${nameOf(profile)}: ${kind}`;
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
