import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { type AccountRow, findAccount, findAccountByHandle } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { ownHost } from '#domain/own-address.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { listPinnedIds } from '#domain/posts/pinned-queries.ts';
import { isClosed, listProfileIds, type ProfileFilter } from '#domain/posts/reading.ts';
import { listPeople } from '#domain/relationships/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { fetchProfile } from '#doors/federation/remote/fetch-profile.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { isTrue } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { accountPage, statusPage } from './answers.ts';

/** People through the client API: who they are, what they posted, whom they follow. */
export const accounts = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.accounts' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/accounts/lookup',
      ({ request, viewer }) => {
        const found = findByHandle(ctx, viewer, String(readQuery(request).acct ?? ''));
        return Response.json(accountsJson(ctx, [accountOr404(ctx, request, viewer, found)])[0]);
      },
      { caller: 'read:accounts', parse: 'none' },
    )
    .get(
      '/api/v1/accounts/:id',
      ({ request, params, viewer }) => {
        const row = accountById(ctx, request, viewer, params.id);
        return Response.json(accountsJson(ctx, [row])[0]);
      },
      { caller: 'read:accounts', parse: 'none' },
    )
    .get(
      '/api/v1/accounts/:id/statuses',
      ({ request, params, viewer }) => {
        const row = accountById(ctx, request, viewer, params.id);
        if (viewer !== null && row.domain !== null) fetchProfile(ctx, row.id);
        const query = readQuery(request);
        const page = readPage(query);
        if (isTrue(query.pinned)) {
          // All at once, in the order of their author: there is no next page.
          const pinned = pinnedIds(ctx, viewer, row);
          return statusPage(ctx, request, viewer, page, pinned, [], 'account');
        }
        const filter = profileFilter(query);
        const ids = filter === null ? [] : listProfileIds(ctx, viewer, row.id, page, filter);
        return statusPage(ctx, request, viewer, page, ids, ids, 'account');
      },
      { caller: 'read:statuses', parse: 'none' },
    )
    .get('/api/v1/accounts/:id/followers', people(ctx, 'followers'), {
      caller: 'read:accounts',
      parse: 'none',
    })
    .get('/api/v1/accounts/:id/following', people(ctx, 'following'), {
      caller: 'read:accounts',
      parse: 'none',
    });

/** What is asked for of a profile; null: a kind of media that nobody has here. */
function profileFilter(query: ReturnType<typeof readQuery>): ProfileFilter | null {
  // Pixelfed's way to ask for a grid.
  const type = String(query.media_type ?? '');
  if (/^(video|loop|audio|story)/.test(type)) return null;
  const onlyMedia = isTrue(query.only_media) || type !== '';
  const tag = String(query.tagged ?? '').replace(/^#/, '');
  return {
    onlyMedia,
    withComments: !isTrue(query.exclude_replies) && !onlyMedia,
    withBoosts: !isTrue(query.exclude_reblogs) && !onlyMedia,
    tag: tag === '' ? null : foldTag(tag),
  };
}

/** Strangers see nothing of other servers but comments on what is here. */
function pinnedIds(ctx: Context, viewer: Viewer | null, row: AccountRow): number[] {
  return viewer === null && row.uri !== null ? [] : listPinnedIds(ctx.db, row.id);
}

type PeopleRequest = { request: Request; params: { id: string }; viewer: Viewer | null };

const people =
  (ctx: Context, kind: 'followers' | 'following') =>
  ({ request, params, viewer }: PeopleRequest) => {
    const row = accountById(ctx, request, viewer, params.id);
    const query = readQuery(request);
    const page = readPage(query, { default: 40, max: 80 });
    const isHidden = row.hideCollections !== 0 && viewer?.id !== row.id;
    const ids = isHidden ? [] : listPeople(ctx.db, kind, row.id, page, viewer?.id);
    return accountPage(ctx, request, page, ids);
  };

/** An account that the viewer may see, from the id in an address; else `not_found`. */
export function accountById(
  ctx: Context,
  request: Request,
  viewer: Viewer | null,
  text: string,
): AccountRow {
  const id = parseId(text);
  return accountOr404(ctx, request, viewer, id === null ? null : findAccount(ctx.db, id));
}

function accountOr404(
  ctx: Context,
  request: Request,
  viewer: Viewer | null,
  row: AccountRow | null,
): AccountRow {
  if (!row || !canSeeAccount(row, viewer, isClosed(ctx))) throw notFound(request);
  return row;
}

/** `ann`, `@ann` and `ann@this.host` are people of here; members also find those of other servers that are known. */
function findByHandle(ctx: Context, viewer: Viewer | null, acct: string): AccountRow | null {
  const [name = '', host] = acct.trim().replace(/^@/, '').split('@');
  if (host === undefined || host.toLowerCase() === ownHost(ctx.config)) {
    return findAccountByHandle(ctx.db, name, null);
  }
  return viewer === null ? null : findAccountByHandle(ctx.db, name, host);
}
