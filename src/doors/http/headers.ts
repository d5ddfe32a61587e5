import { isConsentPath, isMediaPath, isOpenedByApps, isSharedPath } from './surface.ts';

/** Nothing from elsewhere, no inline script or style, no frame around us. */
const PAGE_RULES = [
  "default-src 'none'",
  "img-src 'self' blob: data:",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];
const PAGE_POLICY = [...PAGE_RULES, "form-action 'self'"].join('; ');
/** Browsers hold `form-action` against what a form's answer leads to: the app would never get its code. */
const CONSENT_POLICY = PAGE_RULES.join('; ');
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

const PERMISSIONS =
  'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()';
const EXPOSED =
  'Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Retry-After';

/** What the answer depends on besides the address; wrong here means one person's page for another. */
const VARY = 'Accept, Cookie, Authorization';

/**
 * Adds to an answer what every answer carries. What the route said itself stays: a cache rule, a
 * policy, a `Vary`. Without a cache rule nobody keeps the answer.
 */
export function addHeaders(
  response: Response,
  path: string,
  facts: { id: string; secure: boolean; cookies: readonly string[] },
): void {
  const { headers } = response;
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-request-id', facts.id);
  // Not `no-referrer`: browsers would send `Origin: null` with our own forms.
  headers.set('referrer-policy', 'same-origin');
  if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-store');
  if (!headers.has('vary')) headers.set('vary', VARY);
  const shared = isSharedPath(path);
  if (headers.get('content-type')?.startsWith('text/html')) addPageHeaders(headers, path);
  else if (!headers.has('content-security-policy')) {
    headers.set('content-security-policy', DATA_POLICY);
  }
  if (shared) {
    headers.set('access-control-allow-origin', '*');
    headers.set('access-control-expose-headers', EXPOSED);
  }
  if (!headers.has('cross-origin-resource-policy')) {
    headers.set('cross-origin-resource-policy', shared ? 'cross-origin' : 'same-origin');
  }
  if (facts.secure) headers.set('strict-transport-security', 'max-age=31536000');
  for (const cookie of facts.cookies) headers.append('set-cookie', cookie);
  // A cookie in a shared cache would sign the next person in.
  if (facts.cookies.length > 0) headers.set('cache-control', 'private, no-store');
}

function addPageHeaders(headers: Headers, path: string): void {
  if (!headers.has('content-security-policy')) {
    headers.set('content-security-policy', isConsentPath(path) ? CONSENT_POLICY : PAGE_POLICY);
  }
  headers.set('x-frame-options', 'DENY');
  headers.set('permissions-policy', PERMISSIONS);
  // Otherwise an app that signs in through a window of its own would lose sight of it.
  const opener = isOpenedByApps(path) ? 'unsafe-none' : 'same-origin';
  headers.set('cross-origin-opener-policy', opener);
}

/** Answers OPTIONS for every address without looking who asks; CORS only where programs come from elsewhere. */
export function answerOptions(path: string): Response {
  const methods = isMediaPath(path)
    ? 'GET, HEAD, OPTIONS'
    : 'GET, POST, PUT, PATCH, DELETE, OPTIONS';
  const headers: Record<string, string> = { allow: methods };
  if (isSharedPath(path)) {
    headers['access-control-allow-methods'] = methods;
    headers['access-control-allow-headers'] =
      'Authorization, Content-Type, Idempotency-Key, X-Pixelfed-App, Range';
    headers['access-control-max-age'] = '86400';
  }
  return new Response(null, { status: 204, headers });
}
