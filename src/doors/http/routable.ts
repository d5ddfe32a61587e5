import { AppError } from '#base/core/errors.ts';
import { requestPath } from './request-facts.ts';

const MAX_LENGTH = 8000;
/** Elysia looks for the path from here on, whatever the host is called. */
const ROUTER_STARTS_AT = 11;

/**
 * The request with an address that the gate and the router read alike. Bun gives a bare path when
 * `Host` is odd or missing, and Elysia takes `http://pi/a/b` for `/b`: either would let a stranger
 * show the gate one path and the router another. Odd ones are null (to be answered 400), short
 * hosts are renamed; no route looks at the host in the address.
 */
export function routableRequest(request: Request): Request | null {
  const { url } = request;
  if (!url.startsWith('http://') && !url.startsWith('https://')) return null;
  // No browser sends a fragment; two hosts are two opinions about who is asked.
  if (url.includes('#') || request.headers.get('host')?.includes(',')) return null;
  const scheme = url.indexOf('://') + 3;
  const start = url.indexOf('/', scheme);
  if (start === -1) return null;
  if (start >= ROUTER_STARTS_AT) return request;
  return new Request(`${url.slice(0, scheme)}localhost${url.slice(start)}`, request);
}

/** Stands for a request whose address cannot be used, while its refusal is drawn. */
export function placeholderRequest(): Request {
  return new Request('http://localhost/');
}

/** The refusal of an address that no honest program writes. */
export function brokenAddress(): AppError {
  return new AppError('bad_request', 'This address is broken.');
}

/**
 * Refuses (`bad_request`) very long addresses, broken escapes, and escaped control characters in the
 * path, which must never reach a header, a log or a file name (T68, T81, T82, T84).
 */
export function refuseBrokenAddress(request: Request): void {
  if (request.url.length > MAX_LENGTH) {
    throw new AppError('bad_request', 'This address is too long.');
  }
  const path = requestPath(request);
  if (!path.includes('%')) return;
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (!/[\u0000-\u001f\u007f]/.test(decodeURIComponent(path))) return;
  } catch {
    // Not even an escape: refused below.
  }
  throw brokenAddress();
}
