/** Beginnings of addresses that programs ask for: errors there are JSON, other sites may read them. */
const API = ['/api/', '/.well-known/', '/nodeinfo/'];
/** The parts of /oauth that apps call themselves; the rest of it are pages for people. */
// The router takes a slash at the end, too.
const OAUTH_API = /^\/oauth\/(token|revoke|userinfo)\/?$/;

/** True for addresses that programs ask for and that answer JSON whatever happens. */
export function isApiPath(path: string): boolean {
  return API.some((start) => path.startsWith(start)) || OAUTH_API.test(path) || path === '/api';
}

/** The page on which a person lets an app in: its form leads on to the app, wherever that is. */
export function isConsentPath(path: string): boolean {
  return path === '/oauth/authorize' || path === '/oauth/authorize/';
}

/** True for pages that an app may open in a window of its own and wait for: the consent and the way to it. */
export function isOpenedByApps(path: string): boolean {
  return isConsentPath(path) || path === '/sign-in' || path.startsWith('/join/');
}

/** True for photos and avatars. */
export function isMediaPath(path: string): boolean {
  return path.startsWith('/media/');
}

/** True where other sites' scripts may read the answer (never with cookies). */
export function isSharedPath(path: string): boolean {
  return isApiPath(path) || isMediaPath(path);
}

/** True for inboxes: other servers write there, with a signature instead of a cookie. */
export function isInboxPath(path: string): boolean {
  return path === '/inbox' || path === '/actor/inbox' || /^\/users\/[^/]+\/inbox$/.test(path);
}
