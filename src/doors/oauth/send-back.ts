import type { AuthorizeRequest } from './authorize-request.ts';

/**
 * Sends the browser back to the app (RFC 6749 §4.1.2) with these parameters and the app's `state`.
 * The address is the registered text as it is: only the query grows.
 */
export function sendBack(
  { redirectUri, state }: Pick<AuthorizeRequest, 'redirectUri' | 'state'>,
  parts: Record<string, string>,
): Response {
  const all = state === null ? parts : { ...parts, state };
  const query = Object.entries(all)
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&');
  const joint = redirectUri.includes('?') ? (/[?&]$/.test(redirectUri) ? '' : '&') : '?';
  return new Response(null, {
    status: 302,
    headers: {
      location: `${redirectUri}${joint}${query}`,
      'cache-control': 'no-store',
    },
  });
}
