import { Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hasScope } from '#domain/accounts/scopes.ts';
import { isAdmin, type Viewer } from '#domain/accounts/viewer.ts';
import { type Caller, readCaller } from './caller.ts';
import { demandCsrf, isSafeMethod } from './csrf.ts';

/** One scope, or several of which one is enough. */
type Scopes = string | readonly string[];

/**
 * What a route asks of its caller: `true` (any signed-in person, any token), a scope for tokens
 * (sessions have them all), or an object, where `csrf: 'later'` leaves the form's token to the
 * route because it reads its body as a stream (`demandCsrfField`).
 */
export type SignedIn = true | Scopes | { scope?: Scopes; csrf?: 'now' | 'later' };

/** A caller of whom it is known who they are. */
export type SignedInCaller = Caller & { readonly viewer: Viewer };

/**
 * The guards of routes: `{ signedIn: … }`, `{ admin: true }` and `{ caller: true | scope }`, where
 * strangers are welcome. They look before validation and before a byte of the body is read (Elysia
 * parses and validates before `resolve`), and hand `caller` and `viewer` to the handler.
 */
export const authPlugin = (ctx: Context) =>
  new Elysia({ name: 'http.auth' }).macro({
    signedIn: (need: SignedIn) => ({
      transform: async ({ request }) => {
        await demandSignedIn(ctx, request, need);
      },
      resolve: async ({ request }) => present(await readCaller(ctx, request)),
    }),
    admin: (need: true | { csrf: 'later' }) => ({
      transform: async ({ request }) => {
        await demandAdmin(ctx, request, need === true ? 'now' : 'later');
      },
      resolve: async ({ request }) => present(await readCaller(ctx, request)),
    }),
    caller: (need: true | Scopes) => ({
      transform: async ({ request }) => {
        const caller = await readCaller(ctx, request);
        if (need !== true) demandScope(caller, need);
        await demandCsrf(ctx, request, caller, 'now');
      },
      resolve: async ({ request }) => {
        const caller = await readCaller(ctx, request);
        return { caller, viewer: caller.viewer };
      },
    }),
  });

/** The guard behind `signedIn`, for routes past Elysia; throws `unauthorized` or `forbidden`. */
export async function demandSignedIn(
  ctx: Context,
  request: Request,
  need: SignedIn,
): Promise<SignedInCaller> {
  const detailed = typeof need === 'object' && 'length' in need === false;
  const scope = need === true ? undefined : detailed ? need.scope : need;
  const caller = await readCaller(ctx, request);
  const { caller: present_ } = present(caller);
  if (scope !== undefined) demandScope(caller, scope);
  await demandCsrf(ctx, request, caller, (detailed ? need.csrf : undefined) ?? 'now');
  return present_;
}

async function demandAdmin(ctx: Context, request: Request, csrf: 'now' | 'later'): Promise<void> {
  const caller = await readCaller(ctx, request);
  const { viewer } = present(caller);
  if (!isAdmin(viewer))
    throw new AppError('forbidden', 'Only an admin of this server can do this.');
  demandScope(caller, isSafeMethod(request.method) ? 'admin:read' : 'admin:write');
  await demandCsrf(ctx, request, caller, csrf);
}

function demandScope(caller: Caller, scopes: Scopes): void {
  if (caller.token === null) return;
  const { scopes: granted } = caller.token;
  const needed = typeof scopes === 'string' ? [scopes] : scopes;
  if (!needed.some((scope) => hasScope(granted, scope))) {
    throw new AppError('forbidden', 'This action is outside the authorized scopes');
  }
}

function present(caller: Caller): { caller: SignedInCaller; viewer: Viewer } {
  const { viewer } = caller;
  if (viewer === null) throw new AppError('unauthorized', 'The access token is invalid');
  return { caller: { ...caller, viewer }, viewer };
}
