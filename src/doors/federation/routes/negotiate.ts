import type { JsonObject } from '#base/core/json.ts';
import { matchesEtag } from '#doors/http/etag.ts';

const TYPE = 'application/activity+json';
/** One of the profiles that are named, which may be several. */
const AS_PROFILE =
  /;\s*profile\s*=\s*"?(?:[^";]* )?https:\/\/www\.w3\.org\/ns\/activitystreams(?![^"\s;])/i;

/** What the answer depends on besides the address; `Signature-Input` is RFC 9421's. */
const VARY = 'Accept, Cookie, Authorization, Signature, Signature-Input';

/**
 * Whether the caller wants the document for servers rather than the page for people
 * (ActivityPub §3.2): it says so, and says of HTML that it likes that less, if at all.
 */
export function wantsActivity(request: Request): boolean {
  const accept = request.headers.get('accept');
  if (accept === null || !/activity|ld\+json/i.test(accept)) return false;
  let activity = 0;
  let html = 0;
  // A profile may hold a comma in theory; ours does not, so a plain cut is enough.
  for (const part of accept.split(',')) {
    const type = part.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const weight = weightOf(part);
    const isLinked = type === 'application/ld+json' && AS_PROFILE.test(part);
    if (type === TYPE || isLinked) activity = Math.max(activity, weight);
    if (type === 'text/html' || type === 'application/xhtml+xml') html = Math.max(html, weight);
  }
  return activity > 0 && activity >= html;
}

/** The `q` of one part of `Accept` (RFC 9110 §12.4.2); what is no number counts as 1. */
function weightOf(part: string): number {
  const text = /;\s*q\s*=\s*([0-9.]+)/i.exec(part)?.[1];
  const weight = text === undefined ? 1 : Number(text);
  return Number.isFinite(weight) ? Math.min(1, weight) : 1;
}

/**
 * A document for servers. `public`: the same for everybody, to be asked for again with its ETag;
 * `private`: for this caller alone, and not to be kept.
 */
export function activityResponse(
  request: Request,
  document: JsonObject,
  how: { cache: 'public' | 'private'; status?: number },
): Response {
  const body = JSON.stringify(document);
  const headers = new Headers({ 'content-type': TYPE, vary: VARY });
  if (how.cache === 'private') {
    headers.set('cache-control', 'private, no-store');
    return new Response(body, { status: how.status ?? 200, headers });
  }
  const etag = `W/"${Bun.hash(body).toString(36)}"`;
  headers.set('cache-control', 'public, no-cache');
  headers.set('etag', etag);
  if (matchesEtag(request.headers.get('if-none-match'), etag)) {
    headers.delete('content-type');
    return new Response(null, { status: 304, headers });
  }
  return new Response(body, { status: how.status ?? 200, headers });
}
