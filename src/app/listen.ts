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

/** Opens the port and hands every request with the address of its sender to `handle`. Throws `conflict` if the port is taken. */
export function listen(at: { host: string; port: number }, handle: Handle): Server<SocketHandler> {
  try {
    return Bun.serve<SocketHandler>({
      hostname: at.host,
      port: at.port,
      development: false,
      // `development: false` switches it on, and a second server would silently share the port.
      reusePort: false,
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: LARGEST_BODY,
      fetch: (request, server) => {
        const type = request.headers.get('content-type');
        if (type?.startsWith('multipart/')) server.timeout(request, UPLOAD_IDLE_SECONDS);
        return handle(request, {
          address: server.requestIP(request)?.address ?? '',
          upgrade: (handler, headers) => server.upgrade(request, { data: handler, headers }),
        });
      },
      websocket: sockets,
    });
  } catch (error) {
    throw explain(at, error);
  }
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
