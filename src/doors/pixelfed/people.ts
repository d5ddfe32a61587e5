import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { findAccountByHandle } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { ownHost } from '#domain/own-address.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { findFollowedFollowers } from './people-queries.ts';
import { accountList, seenAccount } from './seen.ts';

const MOST = 40;

/** People at the addresses at which Pixelfed's apps ask for them. */
export const peopleApi = (ctx: Context): AnyElysia => {
  const mutuals = ({ request, params, viewer }: Asked) => {
    const { id, hideCollections } = seenAccount(ctx, request, viewer, params.id);
    // Who follows somebody who hides it is not told by this way either.
    const hidden = hideCollections !== 0 && id !== viewer.id;
    return accountList(ctx, hidden ? [] : findFollowedFollowers(ctx.db, viewer.id, id, MOST));
  };
  const byName = ({ params, viewer }: { params: { name: string }; viewer: Viewer }) => {
    const [name = '', host] = decode(params.name).replace(/^@/, '').split('@');
    const domain = host === undefined || host.toLowerCase() === ownHost(ctx.config) ? null : host;
    const row = findAccountByHandle(ctx.db, name, domain);
    // The app reads an empty list as "not found", and 404 as a failure that it tries again.
    if (!row || !canSeeAccount(row, viewer, isClosed(ctx))) return Response.json([]);
    return Response.json(accountsJson(ctx, [row])[0]);
  };
  return new Elysia({ name: 'pixelfed.people' })
    .use(authPlugin(ctx))
    .get('/api/v1.1/accounts/mutuals/:id', mutuals, reads())
    .get('/api/pixelfed/v1/accounts/mutuals/:id', mutuals, reads())
    .get('/api/v1.1/accounts/username/:name', byName, reads())
    .get('/api/pixelfed/v1/accounts/username/:name', byName, reads())
    .get(
      '/api/pixelfed/v1/accounts/:id',
      ({ request, params, viewer }) =>
        Response.json(accountsJson(ctx, [seenAccount(ctx, request, viewer, params.id)])[0]),
      { caller: 'read:accounts', parse: 'none' },
    );
};

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:accounts', parse: 'none' }) as const;

type Asked = { request: Request; viewer: Viewer; params: { id: string } };

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
