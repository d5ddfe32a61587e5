import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hasScope } from '#domain/accounts/scopes.ts';
import type { SignedInCaller } from '#doors/http/auth.ts';
import type { OpenSocket, SocketHandler } from '#doors/http/socket.ts';
import { findChannel, scopesFor, type Wish } from './channels.ts';
import { socketFrame } from './frames.ts';
import type { EndReason, Listener } from './listeners.ts';
import { type Streams, streamsOf } from './streams.ts';

/** Bytes that may wait for somebody who does not read; then the connection ends. */
const MOST_WAITING = 1_000_000;
/** Streams on one connection; apps listen to two or three, and to a list or a hashtag. */
const MOST_CHANNELS = 50;
/** Lines that a client may say in so many milliseconds; each may cost a look into the database. */
const MOST_LINES = 100;
const LINES_WINDOW = 10_000;

const CODES: Readonly<Record<EndReason, number>> = { ended: 4001, slow: 1013, closing: 1001 };

type Line = { listener: Listener; socket: OpenSocket; streams: Streams };

/** Our end of a WebSocket of the client API; `wish` is the stream that its address asks for already. */
export function createSocket(ctx: Context, caller: SignedInCaller, wish: Wish): SocketHandler {
  const streams = streamsOf(ctx);
  const isTalkative = createPace();
  let line: Line | null = null;
  return {
    opened: (socket) => {
      if (streams.isClosing() || !streams.listeners.hasRoom(caller.viewer.id)) {
        socket.close(1013, 'Too many streams');
        return;
      }
      line = { listener: createListener(caller, streams, socket), socket, streams };
      streams.listeners.add(line.listener);
      if (wish.stream !== undefined) subscribe(ctx, line, wish);
    },
    heard: (text) => {
      if (line === null) return;
      if (isTalkative()) {
        streams.listeners.remove(line.listener);
        line.socket.close(1008, 'Too many messages');
        return;
      }
      answer(ctx, line, text);
    },
    closed: () => {
      if (line !== null) streams.listeners.remove(line.listener);
      line = null;
    },
  };
}

function createListener(caller: SignedInCaller, streams: Streams, socket: OpenSocket): Listener {
  const listener: Listener = {
    ...identityOf(caller),
    channels: new Map(),
    say: (channel, message) => {
      if (socket.waiting() > MOST_WAITING) {
        streams.listeners.remove(listener);
        listener.end('slow');
        return;
      }
      socket.send(socketFrame(channel, message));
    },
    // Whoever lost the right or does not read gets no time to close politely.
    end: (reason) => socket.close(CODES[reason], reason, reason === 'slow'),
  };
  return listener;
}

/** Who listens, and by what right. */
export function identityOf(
  caller: SignedInCaller,
): Pick<Listener, 'accountId' | 'access' | 'scopes'> {
  const { viewer, token, session } = caller;
  const access = token === null ? { sessionId: session?.id ?? '' } : { tokenId: token.id };
  return { accountId: viewer.id, access, scopes: token?.scopes ?? null };
}

/** Lines of a window that begins anew when it is over. */
function createPace(): () => boolean {
  let begun = performance.now();
  let lines = 0;
  return () => {
    const now = performance.now();
    if (now - begun > LINES_WINDOW) {
      begun = now;
      lines = 0;
    }
    lines += 1;
    return lines > MOST_LINES;
  };
}

function answer(ctx: Context, line: Line, text: string): void {
  const said = readLine(text);
  if (said === null) {
    complain(line.socket, 'Invalid message', 400);
  } else if (said.type === 'subscribe') {
    subscribe(ctx, line, said);
  } else if (said.type === 'unsubscribe') {
    unsubscribe(ctx, line, said);
  } else complain(line.socket, 'Unknown message type', 400);
}

function readLine(text: string): (Wish & { type?: unknown }) | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function subscribe(ctx: Context, { listener, socket, streams }: Line, wish: Wish): void {
  tryTo(ctx, socket, () => {
    const channel = findChannel(ctx, listener.accountId, wish);
    if (!mayHear(listener.scopes, channel.name)) {
      throw new AppError('unauthorized', 'Access token does not have the required scopes');
    }
    if (listener.channels.size >= MOST_CHANNELS && !listener.channels.has(channel.key)) {
      throw new AppError('bad_request', 'Too many streams on one connection');
    }
    streams.listeners.subscribe(listener, channel);
  });
}

function unsubscribe(ctx: Context, { listener, socket, streams }: Line, wish: Wish): void {
  tryTo(ctx, socket, () => {
    const { key } = findChannel(ctx, listener.accountId, wish);
    streams.listeners.unsubscribe(listener, key);
  });
}

/** Whether a token's scopes let somebody hear a stream; null stands for a session, which has them all. */
export function mayHear(scopes: readonly string[] | null, name: string): boolean {
  return scopes === null || scopesFor(name).some((scope) => hasScope(scopes, scope));
}

const STATUSES: Readonly<Record<string, number>> = { unauthorized: 401, not_found: 404 };

/** A client learns of its mistakes in a frame; masto.js ends its iteration at one. */
function tryTo(ctx: Context, socket: OpenSocket, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) {
      complain(socket, error.message, STATUSES[error.kind] ?? 400);
      return;
    }
    ctx.log.error('A stream could not be subscribed to.', { error });
    complain(socket, 'Something went wrong here', 500);
  }
}

function complain(socket: OpenSocket, error: string, status: number): void {
  if (socket.waiting() < MOST_WAITING) socket.send(JSON.stringify({ error, status }));
}
