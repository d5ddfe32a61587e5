import { requestPath, requestQuery } from '#doors/http/request-facts.ts';

/**
 * What a signature may cover of a request. Host and origin are ours whatever the request says: a
 * signature made for another server then never fits (T19), and a proxy that rewrites `Host` does
 * no harm.
 */
export type SignedRequest = {
  method: string;
  path: string;
  /** Without the question mark; empty if there is none. */
  query: string;
  /** `https://example.org`, without a slash. */
  origin: string;
  host: string;
  headers: Headers;
};

/** Reads those parts of a request that reached the server of that origin. */
export function describeRequest(
  request: Request,
  origin: string,
  path = requestPath(request),
): SignedRequest {
  return {
    method: request.method,
    path,
    query: requestQuery(request),
    origin,
    host: new URL(origin).host,
    headers: request.headers,
  };
}
