import type { Context } from '#base/context.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { originOf } from '#domain/origin.ts';
import { countClosedPosts, isClosed, listProfileIds } from '#domain/posts/reading.ts';
import { readRelationships } from '#domain/relationships/reading.ts';
import { accountsJson, ownFields } from '#doors/entities/account.ts';
import type { ProfilePage } from '#doors/entities/page-types.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import { readQuery } from '#doors/http/body.ts';
import type { Caller } from '#doors/http/caller.ts';
import { notFound } from '#doors/http/errors.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage, urls } from '#doors/http/links.ts';
import { nameOf, profileHead } from './page-heads.ts';
import { readSlice } from './page-slices.ts';

/** Eight rows of three. */
const PHOTOS = 24;

/** Shows a profile; `base` is the address whose query turns its pages. */
export async function showProfile(
  ctx: Context,
  request: Request,
  caller: Caller,
  row: AccountRow,
  base: string,
): Promise<Response> {
  const { viewer } = caller;
  const [account] = accountsJson(ctx, [row]);
  if (!account) throw notFound(request);
  const page = { ...readPage(readQuery(request)), limit: PHOTOS };
  const { ids, newer, older } = readSlice(base, page, (slice) =>
    listProfileIds(ctx, viewer, row.id, slice, { onlyMedia: true }),
  );
  const feedUrl = feedOf(ctx, row);
  const props: ProfilePage = {
    profile: {
      ...account,
      // The page shows the website itself; to apps it is one of the fields.
      fields: ownFields(row, originOf(ctx.config)),
      statuses_count: shownCount(ctx, viewer, row, account),
    },
    own: viewer?.id === row.id,
    following: standing(ctx, viewer, row),
    shape: readPreferences(ctx.db, row.id).profileShape,
    feedUrl,
    posts: statusesByIds(ctx, viewer, ids),
    newer,
    older,
  };
  const title = `${nameOf(account)} (@${account.acct})`;
  const head = profileHead(account, feedUrl);
  return showPage(
    ctx,
    request,
    { page: 'profile', title, props, head },
    { cache: 'public', caller },
  );
}

/** The address of an account's feed; null where there is none for strangers. */
export function feedOf(ctx: Context, row: AccountRow): string | null {
  if (isClosed(ctx) || row.deletionAt !== null) return null;
  return readPreferences(ctx.db, row.id).showFeed ? urls(ctx).feedUrl(row.username) : null;
}

/** Strangers get the public number; members the number of what they can see. */
function shownCount(
  ctx: Context,
  viewer: Viewer | null,
  row: AccountRow,
  account: AccountJson,
): number {
  if (viewer === null) return account.statuses_count;
  return account.statuses_count + countClosedPosts(ctx, viewer, row.id);
}

function standing(ctx: Context, viewer: Viewer | null, row: AccountRow): ProfilePage['following'] {
  if (viewer === null || viewer.id === row.id) return null;
  const [relationship] = readRelationships(ctx.db, viewer.id, [row.id]);
  if (relationship?.following) return 'following';
  return relationship?.requested ? 'requested' : 'none';
}
