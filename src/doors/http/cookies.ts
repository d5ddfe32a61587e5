import { SESSION_DAYS } from '#domain/accounts/sessions.ts';
import { requestFacts } from './request-facts.ts';

/** Reads one cookie; the header is never turned into an object, so no name can harm (T77). */
export function readCookie(request: Request, name: string): string | null {
  const header = request.headers.get('cookie');
  if (header === null) return null;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at !== -1 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** The name of a cookie of ours: over https it is bound to this host and to `/` by its prefix. */
export function cookieName(request: Request, name: string): string {
  return requestFacts(request).secure ? `__Host-${name}` : name;
}

/** A `Set-Cookie` value; without `maxAge` (seconds) the cookie ends with the browser's session. */
export function cookie(request: Request, name: string, value: string, maxAge?: number): string {
  const secure = requestFacts(request).secure ? '; Secure' : '';
  const age = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `${cookieName(request, name)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}

const SESSION = 'session';

/** What the session cookie of a request holds, or null. */
export function readSessionCookie(request: Request): string | null {
  return readCookie(request, cookieName(request, SESSION));
}

/** Signs a browser in: the answer to this request carries the session cookie. */
export function setSessionCookie(request: Request, sessionId: string): void {
  const age = SESSION_DAYS * 86_400;
  requestFacts(request).cookies.push(cookie(request, SESSION, sessionId, age));
}

/** Signs a browser out: the answer to this request takes the session cookie away. */
export function clearSessionCookie(request: Request): void {
  requestFacts(request).cookies.push(cookie(request, SESSION, '', 0));
}
