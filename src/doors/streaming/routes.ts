import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { authPlugin, demandSignedIn, type SignedInCaller } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { demandOwnSite } from '#doors/http/csrf.ts';
import { notFound } from '#doors/http/errors.ts';
import { requestFacts } from '#doors/http/request-facts.ts';
import { socketProtocol, wantsSocket } from '#doors/http/upgrade.ts';
import { findChannel } from './channels.ts';
import { eventStream } from './event-stream.ts';
import { createSocket, mayHear } from './open-socket.ts';
import { streamsOf } from './streams.ts';

const ANY_STREAM = ['read:statuses', 'read:notifications'] as const;

/** What happens, as it happens: over one WebSocket, or as server-sent events (client-api.md §4). */
export const streaming = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'streaming.routes' })
    .use(authPlugin(ctx))
    .get('/api/v1/streaming', ({ request }) => openSocket(ctx, request), {
      caller: true,
      parse: 'none',
    })
    .get(
      '/api/v1/streaming/health',
      () => new Response('OK', { headers: { 'content-type': 'text/plain; charset=utf-8' } }),
      { caller: true, parse: 'none' },
    )
    .get(
      '/api/v1/streaming/*',
      async ({ request, params }) => {
        const caller = await demandSignedIn(ctx, request, [...ANY_STREAM]);
        return openEvents(ctx, request, caller, params['*']);
      },
      { signedIn: [...ANY_STREAM], parse: 'none' },
    );

async function openSocket(ctx: Context, request: Request): Promise<Response> {
  const { upgrade } = requestFacts(request);
  if (!wantsSocket(request) || upgrade === null) throw notFound(request);
  const caller = await demandSignedIn(ctx, request, [...ANY_STREAM]);
  demandOwnSite(ctx, request, caller, 'refused');
  demandRoom(ctx, caller);
  const protocol = socketProtocol(request);
  // Browsers give up unless what they offered is named back (client-api.md §0.9).
  const headers = protocol === null ? {} : { 'sec-websocket-protocol': protocol };
  const { stream, tag, list } = readQuery(request);
  if (!upgrade(createSocket(ctx, caller, { stream, tag, list }), headers)) {
    throw new AppError('bad_request', 'This is no proper request for a WebSocket.');
  }
  // Nobody reads it: the connection is a WebSocket by now.
  return new Response(null);
}

function openEvents(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  path: string,
): Response {
  demandOwnSite(ctx, request, caller, 'allowed');
  const { tag, list, only_media: onlyMedia } = readQuery(request);
  const stream = streamOfPath(path, onlyMedia);
  if (stream === null) throw new AppError('bad_request', 'Unknown channel requested');
  const channel = findChannel(ctx, caller.viewer.id, { stream, tag, list });
  if (!mayHear(caller.token?.scopes ?? null, channel.name)) {
    throw new AppError('forbidden', 'This action is outside the authorized scopes');
  }
  // Asked for by HEAD, nobody would ever read or end it.
  if (requestFacts(request).method === 'HEAD') {
    return new Response(null, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  }
  demandRoom(ctx, caller);
  return eventStream(ctx, caller, channel);
}

const PATHS = new Set([
  'user',
  'user/notification',
  'public',
  'public/media',
  'public/local',
  'public/local/media',
  'public/remote',
  'public/remote/media',
  'hashtag',
  'hashtag/local',
  'list',
  'direct',
]);

/** The stream that an address of server-sent events stands for; `only_media` is said apart there. */
function streamOfPath(path: string, onlyMedia: unknown): string | null {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  if (!PATHS.has(bare)) return null;
  const name = bare.replaceAll('/', ':');
  const isMedia = onlyMedia === 'true' || onlyMedia === '1';
  return isMedia && name.startsWith('public') && !name.endsWith(':media') ? `${name}:media` : name;
}

function demandRoom(ctx: Context, { viewer }: SignedInCaller): void {
  const streams = streamsOf(ctx);
  if (streams.isClosing()) throw new AppError('unavailable', 'The server is going down.');
  if (streams.listeners.hasRoom(viewer.id)) return;
  throw new AppError('too_many', 'Too many streams are open', { retryAfter: 30 });
}
