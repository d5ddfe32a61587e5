import { Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hasScope } from '#domain/accounts/scopes.ts';
import { isAdmin, type Viewer } from '#domain/accounts/viewer.ts';
import { type Caller, readCaller } from './caller.ts';
import { demandCsrf, isSafeMethod } from './csrf.ts';
import { requestPath } from './request-facts.ts';
import { isApiPath } from './surface.ts';

/** One scope, or several of which one is enough. */
type Scopes = string | readonly string[];

/**
 * What a route asks of its caller: `true` (any signed-in person, any token), a scope for tokens
 * (sessions have them all), or an object, where `csrf: 'later'` leaves the form's token to the
 * route because it reads its body as a stream (`demandCsrfField`).
 */
export type SignedIn = true | Scopes | { scope?: Scopes; csrf?: 'now' | 'later' };

/** What a route's guard asks, for who reads the route table; without `scopes` any token will do. */
export type RouteNeed = {
  readonly by: 'person' | 'admin' | 'anybody';
  readonly scopes: readonly string[];
};

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
      transform: declared({ by: 'person', scopes: scopesOf(need) }, async ({ request }) => {
        await demandSignedIn(ctx, request, need);
      }),
      resolve: async ({ request }) => present(await readCaller(ctx, request)),
    }),
    admin: (need: true | { csrf: 'later' }) => ({
      transform: declared({ by: 'admin', scopes: [] }, async ({ request }) => {
        await demandAdmin(ctx, request, need === true ? 'now' : 'later');
      }),
      resolve: async ({ request }) => present(await readCaller(ctx, request)),
    }),
    caller: (need: true | Scopes) => ({
      transform: declared({ by: 'anybody', scopes: scopesOf(need) }, async ({ request }) => {
        const caller = await readCaller(ctx, request);
        demandScope(caller, neededBy(request, scopesOf(need)));
        await demandCsrf(ctx, request, caller, 'now');
      }),
      resolve: async ({ request }) => {
        const caller = await readCaller(ctx, request);
        return { caller, viewer: caller.viewer };
      },
    }),
  });

type Guard = (context: { request: Request }) => Promise<void>;

/** The guard itself says what it asks, so the route table cannot say otherwise. */
function declared(need: RouteNeed, guard: Guard): Guard & { need: RouteNeed } {
  return Object.assign(guard, { need });
}

/** What the guard among a route's hooks asks; null for a route without one. */
export function readNeed(hooks: readonly { fn: unknown }[]): RouteNeed | null {
  for (const { fn } of hooks) {
    if (typeof fn === 'function' && 'need' in fn) return fn.need as RouteNeed;
  }
  return null;
}

/** The guard behind `signedIn`, for routes past Elysia; throws `unauthorized` or `forbidden`. */
export async function demandSignedIn(
  ctx: Context,
  request: Request,
  need: SignedIn,
): Promise<SignedInCaller> {
  const caller = await readCaller(ctx, request);
  const { caller: present_ } = present(caller);
  demandScope(caller, neededBy(request, scopesOf(need)));
  const csrf = isDetailed(need) ? need.csrf : undefined;
  await demandCsrf(ctx, request, caller, csrf ?? 'now');
  return present_;
}

function isDetailed(need: SignedIn): need is { scope?: Scopes; csrf?: 'now' | 'later' } {
  return typeof need === 'object' && 'length' in need === false;
}

function scopesOf(need: SignedIn): readonly string[] {
  const scopes = isDetailed(need) ? need.scope : need;
  if (scopes === undefined || scopes === true) return [];
  return typeof scopes === 'string' ? [scopes] : scopes;
}

async function demandAdmin(ctx: Context, request: Request, csrf: 'now' | 'later'): Promise<void> {
  const caller = await readCaller(ctx, request);
  const { viewer } = present(caller);
  if (!isAdmin(viewer))
    throw new AppError('forbidden', 'Only an admin of this server can do this.');
  demandScope(caller, [isSafeMethod(request.method) ? 'admin:read' : 'admin:write']);
  await demandCsrf(ctx, request, caller, csrf);
}

/** Pages name no scope; a token that comes there may see as much as `read`, and do as much as `write`. */
function neededBy(request: Request, scopes: readonly string[]): readonly string[] {
  if (scopes.length > 0 || isApiPath(requestPath(request))) return scopes;
  return [isSafeMethod(request.method) ? 'read' : 'write'];
}

/** Refuses a token that has none of these scopes; without any, every token will do. */
function demandScope(caller: Caller, scopes: readonly string[]): void {
  const granted = (caller.token ?? caller.appToken)?.scopes;
  if (granted === undefined || scopes.length === 0) return;
  if (!scopes.some((scope) => hasScope(granted, scope))) {
    throw new AppError('forbidden', 'This action is outside the authorized scopes');
  }
}

function present(caller: Caller): { caller: SignedInCaller; viewer: Viewer } {
  const { viewer } = caller;
  if (viewer === null && caller.appToken !== null) {
    throw new AppError('invalid', 'This method requires an authenticated user');
  }
  if (viewer === null) throw new AppError('unauthorized', 'The access token is invalid');
  return { caller: { ...caller, viewer }, viewer };
}
