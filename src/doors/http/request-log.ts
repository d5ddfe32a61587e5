import type { Log } from '#base/platform/log.ts';
import { isAssetPath } from './assets.ts';
import type { RequestFacts } from './request-facts.ts';
import { isMediaPath } from './surface.ts';

/**
 * Writes one line a request: method, pattern of the route (never the address itself: it can hold
 * codes and search words), status, milliseconds, id. Photos, assets and health are `debug`.
 */
export function logRequest(
  log: Log,
  request: Request,
  facts: RequestFacts,
  path: string,
  status: number,
): void {
  const fields = {
    method: plain(request.method),
    route: facts.route === '' ? surfaceOf(path) : facts.route,
    status,
    ms: Math.round((performance.now() - facts.startedAt) * 10) / 10,
    requestId: facts.id,
  };
  if (status >= 500) log.warn('request', fields);
  else if (isQuiet(path)) log.debug('request', fields);
  else log.info('request', fields);
}

function isQuiet(path: string): boolean {
  return isMediaPath(path) || isAssetPath(path) || path === '/livez' || path === '/readyz';
}

/** What to call an address that no route answered. */
function surfaceOf(path: string): string {
  if (isMediaPath(path)) return '/media/:name';
  if (isAssetPath(path)) return '/assets/:name';
  return path === '/livez' || path === '/readyz' || path === '/robots.txt' ? path : '-';
}

/** A method is a word; what else somebody sends as one stays out of the log (T82). */
function plain(method: string): string {
  return /^[A-Z]{1,20}$/.test(method) ? method : '?';
}
