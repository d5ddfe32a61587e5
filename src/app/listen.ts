import type { Server } from 'bun';
import { AppError } from '#base/core/errors.ts';
import type { Peer } from '#doors/http/server.ts';
import type { SocketHandler } from '#doors/http/socket.ts';

type Handle = (request: Request, peer: Peer) => Promise<Response>;

// Bun refuses larger bodies without a word. Every reader counts for itself and answers with a
// sentence, and what nobody reads stays with its sender; so this wall stands beyond any of them.
const LARGEST_BODY = Number.MAX_SAFE_INTEGER;
const IDLE_SECONDS = 60;
// What a client says over a WebSocket is a line.
const LARGEST_MESSAGE = 4096;
// An upload may wait unread for its turn, then for the image worker; its pace is watched where it is read.
const UPLOAD_IDLE_SECONDS = 255;

// Bun pings by itself shortly before a connection would count as idle, so a phone that went out of
// reach is noticed without a timer of ours. Whoever reads too slowly is dropped by the handler, long
// before the bound that is given here.
const sockets: Bun.WebSocketHandler<SocketHandler> = {
  open: (socket) =>
    socket.data.opened({
      send: (text) => {
        socket.send(text);
      },
      waiting: () => socket.getBufferedAmount(),
      close: (code, reason, now) => (now ? socket.terminate() : socket.close(code, reason)),
    }),
  message: (socket, message) => {
    if (typeof message === 'string') socket.data.heard(message);
  },
  close: (socket) => socket.data.closed(),
  idleTimeout: IDLE_SECONDS,
  sendPings: true,
  maxPayloadLength: LARGEST_MESSAGE,
  backpressureLimit: 4_000_000,
  closeOnBackpressureLimit: true,
  perMessageDeflate: false,
};

/** Where people come in, plain or by https: what its end and its care need of it. */
export type Entrance = {
  readonly port?: number | undefined;
  readonly pendingRequests: number;
  closeIdleConnections(): number;
  /** Takes no new connections and resolves when all are gone; with `now` it ends them. */
  stop(now: boolean): Promise<void>;
};

/** Where to listen. With `shared`, servers of this process may follow each other on the port without a gap. */
export type ListenAt = {
  host: string;
  port: number;
  tls?: { cert: string; key: string };
  shared?: boolean;
};

/**
 * Opens the port and hands every request with the address of its sender to `handle`. Throws `conflict`
 * if the port is taken; whoever shares one has to look first (`requireFreePort`).
 */
export function listen(at: ListenAt, handle: Handle): Server<SocketHandler> {
  try {
    return Bun.serve<SocketHandler>({
      hostname: at.host,
      port: at.port,
      development: false,
      // `development: false` switches it on, and a second server would silently share the port.
      reusePort: at.shared ?? false,
      ...(at.tls ? { tls: at.tls } : {}),
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: LARGEST_BODY,
      fetch: (request, server) => {
        const type = request.headers.get('content-type');
        if (type?.startsWith('multipart/')) server.timeout(request, UPLOAD_IDLE_SECONDS);
        const peer = server.requestIP(request);
        return handle(request, {
          address: plainAddress(peer?.address ?? ''),
          port: peer?.port ?? 0,
          upgrade: (handler, headers) => server.upgrade(request, { data: handler, headers }),
        });
      },
      websocket: sockets,
    });
  } catch (error) {
    throw explain(at, error);
  }
}

/** Throws as `listen` does if the port is not to be had; what was opened to find out is closed again. */
export async function requireFreePort(at: { host: string; port: number }): Promise<void> {
  await listen({ host: at.host, port: at.port }, async () => new Response(null)).stop(true);
}

// What listens on `::` is told of IPv4 as `::ffff:192.0.2.1`.
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function explain(at: { host: string; port: number }, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') {
    return new AppError(
      'conflict',
      `Port ${at.port} is taken by another program; choose a free one with --listen ${at.host}:${at.port + 1}.`,
      { cause: error },
    );
  }
  if (code === 'EACCES') {
    return new AppError(
      'forbidden',
      `Port ${at.port} needs rights that this user does not have; choose one above 1023 with --listen.`,
      { cause: error },
    );
  }
  return new AppError(
    'unavailable',
    `The server cannot listen on ${at.host}:${at.port}: ${error instanceof Error ? error.message : error}`,
    { cause: error },
  );
}
