import { requestPath, requestQuery } from './request-facts.ts';

/** True if a request asks to become a WebSocket (RFC 6455 §4.1). */
export function wantsSocket(request: Request): boolean {
  return request.headers.get('upgrade')?.toLowerCase() === 'websocket';
}

const STREAMS = '/api/v1/streaming';

/**
 * The token of a request for a stream, which browsers cannot give in a header: the sub-protocol of a
 * WebSocket, or `access_token` in the address (client-api.md §4). Null for every other address.
 */
export function streamToken(request: Request): string | null {
  const path = requestPath(request);
  if (path !== STREAMS && !path.startsWith(`${STREAMS}/`)) return null;
  const protocol = wantsSocket(request) ? socketProtocol(request) : null;
  if (protocol !== null) return protocol;
  return new URLSearchParams(requestQuery(request)).get('access_token');
}

/** The first sub-protocol that a client offers; exactly what the answer has to name. */
export function socketProtocol(request: Request): string | null {
  const offered = request.headers.get('sec-websocket-protocol')?.split(',', 1)[0]?.trim();
  return offered === undefined || offered === '' ? null : offered;
}
