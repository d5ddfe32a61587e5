import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import {
  type AccountRow,
  findAccount,
  findAccountByUsername,
  findAccounts,
} from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { isClosed, listProfileIds } from '#domain/posts/reading.ts';
import { listPeople } from '#domain/relationships/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { addresses } from '#doors/entities/addresses.ts';
import { credentialAccountJson } from '#doors/entities/credential-account.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { isTrue } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { listPage, statusPage } from './answers.ts';

/** People through the client API: who they are, what they posted, whom they follow. */
export const accounts = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.accounts' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/accounts/verify_credentials',
      ({ request, viewer }) => {
        const row = accountOr404(ctx, request, viewer, findAccount(ctx.db, viewer.id));
        return Response.json(credentialAccountJson(ctx, row));
      },
      { signedIn: ['profile', 'read:accounts'], parse: 'none' },
    )
    .get(
      '/api/v1/accounts/lookup',
      ({ request, viewer }) => {
        const name = localName(ctx, String(readQuery(request).acct ?? ''));
        const found = name === null ? null : findAccountByUsername(ctx.db, name);
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
        const query = readQuery(request);
        const page = readPage(query);
        const tag = String(query.tagged ?? '');
        const ids = isTrue(query.pinned)
          ? []
          : listProfileIds(ctx, viewer, row.id, page, {
              onlyMedia: isTrue(query.only_media),
              withComments: !isTrue(query.exclude_replies) && !isTrue(query.only_media),
              tag: tag === '' ? null : foldTag(tag),
            });
        return statusPage(ctx, request, viewer, page, ids);
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

type PeopleRequest = { request: Request; params: { id: string }; viewer: Viewer | null };

const people =
  (ctx: Context, kind: 'followers' | 'following') =>
  ({ request, params, viewer }: PeopleRequest) => {
    const row = accountById(ctx, request, viewer, params.id);
    const query = readQuery(request);
    const page = readPage({ max_id: query.cursor, ...query }, { default: 40, max: 80 });
    const ids = listPeople(ctx.db, kind, row.id, page);
    const rows = findAccounts(ctx.db, ids);
    const list = accountsJson(
      ctx,
      ids.flatMap((id) => rows.get(id) ?? []),
    );
    return listPage(ctx, request, page, ids, list);
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

/** `ann`, `@ann` and `ann@this.host` are local names; anything else is null. */
function localName(ctx: Context, acct: string): string | null {
  const [name = '', host] = acct.trim().replace(/^@/, '').split('@');
  const own = new URL(addresses(ctx.config).origin).host;
  return host === undefined || host.toLowerCase() === own ? name : null;
}
