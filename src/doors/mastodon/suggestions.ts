import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { familiarFollowers, readDirectory, suggestPeople } from '#domain/discovery/people.ts';
import { insertHiddenSuggestion } from '#domain/discovery/people-queries.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { isTrue, parseInput } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { accountById } from './accounts.ts';
import { familiarSchema } from './relations-input.ts';

const reads = () => ({ signedIn: 'read:follows', parse: 'none' }) as const;

/** People whom somebody may like to follow: only those who want to be found. */
export const suggestions = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.suggestions' })
    .use(authPlugin(ctx))
    .get(
      '/api/v2/suggestions',
      ({ request, viewer }) => Response.json(suggested(ctx, request, viewer)),
      { signedIn: 'read', parse: 'none' },
    )
    .get(
      '/api/v1/suggestions',
      ({ request, viewer }) =>
        Response.json(suggested(ctx, request, viewer).map(({ account }) => account)),
      { signedIn: 'read', parse: 'none' },
    )
    .delete(
      '/api/v1/suggestions/:id',
      ({ request, params, viewer }) => {
        const { id } = accountById(ctx, request, viewer, params.id);
        insertHiddenSuggestion(ctx.db, { accountId: viewer.id, targetId: id });
        return Response.json({});
      },
      { signedIn: 'write:accounts', parse: 'none' },
    )
    .get(
      '/api/v1/directory',
      ({ request, viewer }) => {
        const query = readQuery(request);
        const { limit } = readPage(query, { default: 40, max: 80 });
        const order = query.order === 'new' ? 'new' : 'active';
        const offset = Math.min(Math.max(Math.trunc(Number(query.offset ?? 0)) || 0, 0), 10_000);
        const asked = { order, offset, limit, local: isTrue(query.local) } as const;
        return Response.json(people(ctx, readDirectory(ctx, viewer, asked)));
      },
      { caller: true, parse: 'none' },
    )
    .get(
      '/api/v1/accounts/familiar_followers',
      ({ request, viewer }) => {
        const { id: ids } = parseInput(familiarSchema, readQuery(request));
        const found = familiarFollowers(ctx, viewer, ids);
        const everybody = people(ctx, [...new Set([...found.values()].flat())]);
        const byId = new Map(everybody.map((account) => [Number(account.id), account]));
        return Response.json(
          [...found].map(([id, followers]) => ({
            id: String(id),
            accounts: followers.flatMap((follower) => byId.get(follower) ?? []),
          })),
        );
      },
      reads(),
    )
    .get('/api/v1/endorsements', () => Response.json([]), {
      signedIn: 'read:accounts',
      parse: 'none',
    })
    .get(
      '/api/v1/accounts/:id/endorsements',
      ({ request, params, viewer }) => {
        accountById(ctx, request, viewer, params.id);
        return Response.json([]);
      },
      { caller: 'read:accounts', parse: 'none' },
    );

function people(ctx: Context, ids: readonly number[]): AccountJson[] {
  const rows = findAccounts(ctx.db, ids);
  return accountsJson(
    ctx,
    ids.flatMap((id) => rows.get(id) ?? []),
  );
}

/** Mastodon's Suggestion; `source` is its older word for the reason. */
function suggested(ctx: Context, request: Request, viewer: Viewer) {
  const { limit } = readPage(readQuery(request), { default: 40, max: 80 });
  const list = suggestPeople(ctx, viewer, limit);
  const accounts = people(
    ctx,
    list.map(({ accountId }) => accountId),
  );
  const why = new Map(list.map((each) => [String(each.accountId), each.why]));
  return accounts.map((account) => {
    const reason = why.get(account.id) ?? 'most_followed';
    const source = reason === 'most_followed' ? 'global' : 'past_interactions';
    return { source, sources: [reason], account };
  });
}
