import type { Context } from '#base/context.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { isAdmin, type Viewer } from '#domain/accounts/viewer.ts';
import { isFederating } from '#domain/federate.ts';
import { originOf } from '#domain/origin.ts';
import { listPinnedIds } from '#domain/posts/pinned-queries.ts';
import { countClosedPosts, isClosed, listProfileIds } from '#domain/posts/reading.ts';
import { accountsJson, ownFields } from '#doors/entities/account.ts';
import type { ProfilePage } from '#doors/entities/page-types.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import { readQuery } from '#doors/http/body.ts';
import type { Caller } from '#doors/http/caller.ts';
import { notFound } from '#doors/http/errors.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage, urls } from '#doors/http/links.ts';
import { filterPosts } from './filter-posts.ts';
import { readMovedTo } from './moved-to.ts';
import { nameOf, profileHead } from './page-heads.ts';
import { readShown } from './shown-slice.ts';
import { readStanding } from './standing.ts';

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
  const { posts, newer, older } = readShown(ctx, viewer, 'account', base, page, (slice) =>
    listProfileIds(ctx, viewer, row.id, slice, { onlyMedia: true }),
  );
  const feedUrl = feedOf(ctx, row);
  const first = page.maxId === null && page.minId === null && page.sinceId === null;
  const pinned = filterPosts(ctx, viewer, 'account', listPinned(ctx, viewer, row.id));
  const standing = readStanding(ctx, viewer, row.id);
  const props: ProfilePage = {
    profile: {
      ...account,
      // The page shows the website itself; to apps it is one of the fields.
      fields: row.domain === null ? ownFields(row, originOf(ctx.config)) : account.fields,
      hide_collections: row.hideCollections !== 0,
      statuses_count: shownCount(ctx, viewer, row, account),
    },
    own: viewer?.id === row.id,
    ...standing,
    shape: readPreferences(ctx.db, row.id).profileShape,
    feedUrl,
    movedTo: readMovedTo(ctx, viewer, row),
    remoteFollow: viewer === null && row.domain === null && isFederating(ctx) && !isClosed(ctx),
    suspended: row.domain !== null && isAdmin(viewer) ? row.suspendedAt !== null : null,
    posts: pinnedFirst(first ? pinned : [], posts, pinned),
    newer,
    older,
  };
  const title = `${nameOf(account)} (@${account.acct})`;
  const spoken = isFederating(ctx) ? { activity: account.uri } : {};
  const head = row.domain === null ? { head: { ...profileHead(account, feedUrl), ...spoken } } : {};
  return showPage(
    ctx,
    request,
    { page: 'profile', title, props, ...head },
    { cache: row.domain === null ? 'public' : 'private', caller },
  );
}

/** The address of an account's feed; null where there is none for strangers. */
export function feedOf(ctx: Context, row: AccountRow): string | null {
  if (isClosed(ctx) || row.deletionAt !== null || row.domain !== null) return null;
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

/** What is pinned hangs at the top, and is not shown a second time below. */
function pinnedFirst(
  shown: readonly StatusJson[],
  posts: readonly StatusJson[],
  pinned: readonly StatusJson[],
): StatusJson[] {
  const ids = new Set(pinned.map(({ id }) => id));
  return [...shown, ...posts.filter(({ id }) => !ids.has(id))];
}

/** The pinned posts with photos that the viewer may see, marked as such. */
function listPinned(ctx: Context, viewer: Viewer | null, accountId: number): StatusJson[] {
  const ids = listPinnedIds(ctx.db, accountId);
  return statusesByIds(ctx, viewer, ids)
    .filter(({ media_attachments: photos }) => photos.length > 0)
    .map((post) => ({ ...post, pinned: true }));
}
