import type { Server } from 'bun';
import { AppError } from '#base/core/errors.ts';

type Handle = (request: Request, peer: { address: string }) => Promise<Response>;

// Bun refuses larger bodies without a word. Every reader counts for itself and answers with a
// sentence, and what nobody reads stays with its sender; so this wall stands beyond any of them.
const LARGEST_BODY = Number.MAX_SAFE_INTEGER;
const IDLE_SECONDS = 60;
// An upload may wait unread for its turn, then for the image worker; its pace is watched where it is read.
const UPLOAD_IDLE_SECONDS = 255;

/** Opens the port and hands every request with the address of its sender to `handle`. Throws `conflict` if the port is taken. */
export function listen(at: { host: string; port: number }, handle: Handle): Server<undefined> {
  try {
    return Bun.serve({
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
        return handle(request, { address: server.requestIP(request)?.address ?? '' });
      },
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
