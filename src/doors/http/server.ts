/**
 * How a door is written (in `doors/<room>/<file>.ts`):
 *
 *   export const statuses = (ctx: Context): AnyElysia =>
 *     new Elysia({ name: 'mastodon.statuses' })
 *       .use(authPlugin(ctx))
 *       .post(
 *         '/api/v1/statuses',
 *         async ({ request, viewer }) => {
 *           const input = parseInput(statusSchema, await readBody(request));
 *           const key = request.headers.get('idempotency-key') ?? undefined;
 *           const post = await publishPost(ctx, viewer, input, key);
 *           return Response.json(statusesJson(ctx, viewer, [post])[0]);
 *         },
 *         { signedIn: 'write:statuses', parse: 'none' },
 *       )
 *       .get(
 *         '/@:name/:id',
 *         async ({ request, params, caller }) =>
 *           showPage(ctx, request, { page: 'post', title, props }, { cache: 'public', caller }),
 *         { caller: true, parse: 'none' },
 *       )
 *       .post(
 *         '/settings/profile',
 *         async ({ request, viewer }) => {
 *           saveProfile(ctx, viewer, parseInput(profileSchema, await readBody(request)));
 *           return redirectTo(ctx, request, '/settings/profile', { kind: 'done', text: 'Saved.' });
 *         },
 *         { signedIn: true, parse: 'none' },
 *       );
 *
 * Guards (`auth.ts`): `signedIn: true | scope | [scope, …] | { scope?, csrf: 'later' }`, `admin: true`,
 * `caller: true | scope` (strangers welcome, `viewer` may be null). They check the CSRF token of
 * cookie requests too; with `csrf: 'later'` the route calls `demandCsrfField(caller, field)` itself,
 * unless `hasCsrfHeader(request, caller)`. Errors: `throw new AppError(kind, sentence)`; a missing
 * record is `throw notFound(request)`. Sign-in: `setSessionCookie(request, id)`, sign-out:
 * `clearSessionCookie(request)`. GET routes change nothing. HEAD and OPTIONS are answered for you.
 */
import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { answerByName } from './answer-by-name.ts';
import { answerAsset, answerRobots, isAssetPath } from './assets.ts';
import { type RouteNeed, readNeed } from './auth.ts';
import { readCaller } from './caller.ts';
import { createCrowd } from './crowd.ts';
import { refuseForeign } from './csrf.ts';
import { errorPlugin, notFound } from './errors.ts';
import { createGate, isClosed } from './gate.ts';
import { addHeaders, answerOptions } from './headers.ts';
import { createHealth } from './health.ts';
import { measureRequest } from './measure.ts';
import { createAppAnswers } from './media-for-apps.ts';
import { problemResponse } from './problem.ts';
import { createPeerReader } from './proxies.ts';
import { addRateHeaders, createRates } from './rates.ts';
import { rememberRequest, requestPath, shareFacts } from './request-facts.ts';
import { createRequestIds } from './request-id.ts';
import { logRequest } from './request-log.ts';
import {
  brokenAddress,
  placeholderRequest,
  refuseBrokenAddress,
  routableRequest,
} from './routable.ts';
import type { Upgrade } from './socket.ts';
import { isInboxPath, isMediaPath } from './surface.ts';

/** One way in from outside: a part of the route table. */
export type Door = (ctx: Context) => AnyElysia;

export type DoorParts = {
  doors: readonly Door[];
  /** The short path of photos; null if the request is none of its own. */
  mediaFiles?: (request: Request) => Promise<Response> | Response | null;
  /** What other servers read at the addresses of pages; null if the request is none of theirs. */
  documents?: (request: Request) => Promise<Response> | null;
};

/** Who holds the other end of the connection, and the way to make a WebSocket of it. */
export type Peer = { address: string; port?: number; upgrade?: Upgrade };

export type FrontDoor = {
  /** Answers every request; never throws. `peer` is who holds the other end of the connection. */
  handle(request: Request, peer?: Peer): Promise<Response>;
  /** Method and pattern of every route behind the gate, and what its guard asks; null without one. */
  routes: readonly { method: string; path: string; need: RouteNeed | null }[];
};

/** Joins all doors behind one: limits, assets, health, gate, photos, documents, rates, then Elysia. */
export function createDoor(ctx: Context, parts: DoorParts): FrontDoor {
  const app = composeRoutes(ctx, parts.doors);
  const readPeer = createPeerReader(ctx);
  const readId = createRequestIds(ctx);
  const crowd = createCrowd();
  const forApps = createAppAnswers(ctx);
  const answer = createAnswer(ctx, app, parts);

  const handle = async (sent: Request, peer: Peer = { address: '127.0.0.1' }) => {
    const routable = routableRequest(sent);
    const request = routable ?? placeholderRequest();
    const id = readId(request, peer.address);
    const facts = rememberRequest(request, readPeer(request, peer.address), peer.upgrade, id);
    const path = requestPath(request);
    const leave = crowd.enter(facts.address);
    let response: Response;
    try {
      if (routable === null) throw brokenAddress();
      if (leave === null) throw tooMany();
      response = await forApps(request, path, await answer(request, path));
      if (ctx.config.origin === null) response = await answerByName(ctx, request, response);
    } catch (error) {
      response = await problemResponse(ctx, request, error);
    } finally {
      leave?.();
    }
    addHeaders(response, path, facts);
    if (facts.rate !== null) addRateHeaders(response.headers, facts.rate);
    logRequest(ctx.log, request, facts, path, response.status);
    measureRequest(ctx.metrics, facts, path, response.status);
    return response;
  };

  const routes = app.routes.map(({ method, path, hooks }) => ({
    method,
    path,
    need: readNeed([hooks?.transform ?? []].flat()),
  }));
  return { handle, routes };
}

function tooMany(): AppError {
  return new AppError('too_many', 'Too many requests at once', { retryAfter: 1 });
}

function composeRoutes(ctx: Context, doors: readonly Door[]): AnyElysia {
  let app: AnyElysia = new Elysia({ name: 'http.door', normalize: false }).use(errorPlugin(ctx));
  for (const door of doors) app = app.use(door(ctx));
  return app.compile();
}

function createAnswer(
  ctx: Context,
  app: AnyElysia,
  { mediaFiles, documents }: DoorParts,
): (request: Request, path: string) => Promise<Response> {
  const health = createHealth(ctx);
  const pass = createGate(ctx);
  const count = createRates(ctx);

  return async (request, path) => {
    refuseBrokenAddress(request);
    if (request.method === 'OPTIONS') return answerOptions(path);
    const early = answerEarly(ctx, request, path, health);
    if (early !== null) return early;
    await count(request, path);
    const refused = await pass(request, path);
    if (refused !== null) return refused;
    if (isMediaPath(path)) {
      const file = await mediaFiles?.(request);
      if (file) return file;
    }
    const document = documents?.(request);
    if (document) return await document;
    if (request.method === 'HEAD') return await app.handle(asGet(request));
    if (request.method !== 'GET' && !isInboxPath(path)) {
      refuseForeign(ctx, request, await readCaller(ctx, request));
    }
    return await app.handle(request);
  };
}

/** What everybody gets without being looked at. */
function answerEarly(
  ctx: Context,
  request: Request,
  path: string,
  health: (path: string) => Response | null,
): Response | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  if (isAssetPath(path)) {
    const asset = answerAsset(request, path);
    if (asset === null) throw notFound(request);
    return asset;
  }
  return path === '/robots.txt' ? answerRobots(isClosed(ctx)) : health(path);
}

/** HEAD is GET without the body (RFC 9110 §9.3.2); Elysia has no routes for it, Bun drops the body. */
function asGet(request: Request): Request {
  const get = new Request(request.url, { method: 'GET', headers: request.headers });
  shareFacts(request, get);
  return get;
}
