import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { sameSecret } from '#base/core/secrets.ts';
import { readBody } from './body.ts';
import type { Caller } from './caller.ts';
import { requestPath } from './request-facts.ts';
import { isApiPath } from './surface.ts';

const FOREIGN = 'This request came from another site. Open the page here and try again.';
const STALE = 'This form is out of date. Reload the page and try again.';

/** Methods that change nothing, so nobody can be tricked into them. */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * Refuses what another site makes a browser send: anything unsafe with a session cookie, and every
 * page's form even when nobody is signed in. Bearer requests carry no cookie's power, so they may
 * come from anywhere. Browsers always say where a cross-site request comes from; a request that
 * says nothing is no browser's, and with a session it must still show the token (`demandCsrf`).
 */
export function refuseForeign(
  ctx: Pick<Context, 'config'>,
  request: Request,
  caller: Caller,
): void {
  if (isSafeMethod(request.method) || caller.bearer) return;
  if (caller.session === null && isApiPath(requestPath(request))) return;
  if (originOf(ctx, request) === 'foreign') throw new AppError('forbidden', FOREIGN);
}

/**
 * Refuses a request that changes something in the name of a session unless it is same-origin and
 * either of a kind that no foreign form can send (JSON, PUT, DELETE …) or carries the token, in the
 * header `X-CSRF-Token` or the field `csrf`. With `field: 'later'` the route itself checks the field
 * with `demandCsrfField` (uploads, whose body is streamed).
 */
export async function demandCsrf(
  ctx: Pick<Context, 'config'>,
  request: Request,
  caller: Caller,
  field: 'now' | 'later',
): Promise<void> {
  if (isSafeMethod(request.method) || caller.session === null) return;
  const origin = originOf(ctx, request);
  if (origin === 'foreign') throw new AppError('forbidden', FOREIGN);
  const header = request.headers.get('x-csrf-token');
  if (header !== null) {
    demandCsrfField(caller, header);
    return;
  }
  if (origin === 'own' && !isSimple(request)) return;
  if (field === 'later') return;
  if (!isForm(request)) throw new AppError('forbidden', STALE);
  demandCsrfField(caller, (await readBody(request)).csrf);
}

/**
 * Refuses another site's page that opens a stream with the cookie of whoever looks at it: browsers
 * send cookies with WebSockets, and no CORS stands before them (T102). Every browser says where a
 * WebSocket comes from; `silent` tells whether somebody may keep quiet about it.
 */
export function demandOwnSite(
  ctx: Pick<Context, 'config'>,
  request: Request,
  caller: Caller,
  silent: 'allowed' | 'refused',
): void {
  if (caller.session === null) return;
  const origin = originOf(ctx, request);
  if (origin === 'foreign' || (origin === 'silent' && silent === 'refused')) {
    throw new AppError('forbidden', FOREIGN);
  }
}

/** Refuses a form of a signed-in person whose token is not the session's. */
export function demandCsrfField(caller: Caller, token: unknown): void {
  if (caller.session === null) return;
  if (typeof token !== 'string' || !sameSecret(token, caller.session.csrf)) {
    throw new AppError('forbidden', STALE);
  }
}

/** True if the header already showed the session's token. */
export function hasCsrfHeader(request: Request, caller: Caller): boolean {
  const header = request.headers.get('x-csrf-token');
  return header !== null && caller.session !== null && sameSecret(header, caller.session.csrf);
}

/** Where a request says it comes from: us, elsewhere, or it does not say. */
function originOf(ctx: Pick<Context, 'config'>, request: Request): 'own' | 'foreign' | 'silent' {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign';
  const origin = request.headers.get('origin');
  if (origin === null) return 'silent';
  if (ctx.config.origin !== null && origin === ctx.config.origin) return 'own';
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const own = origin === `http://${host}` || origin === `https://${host}`;
  return own ? 'own' : 'foreign';
}

/** Whether a foreign page could send this without asking first (a CORS "simple" request). */
function isSimple(request: Request): boolean {
  if (request.method !== 'POST') return false;
  const type = mediaType(request);
  return type === '' || type === 'text/plain' || isForm(request);
}

function isForm(request: Request): boolean {
  const type = mediaType(request);
  return type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data';
}

function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
