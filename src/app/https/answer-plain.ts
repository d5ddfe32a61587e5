import { escapeHtml } from '#base/core/html.ts';
import type { Peer } from '#doors/http/server.ts';

type Handle = (request: Request, peer: Peer) => Promise<Response>;

const CHALLENGES = '/.well-known/acme-challenge/';
const HEALTH = ['/livez', '/readyz'];
const LONGEST = 8192;

/**
 * What the port of plain http answers: a challenge of the authority, health to this machine itself, and
 * to everybody else the same path by https (308 keeps the method, RFC 9110 §15.4.9), or, while there is
 * no certificate yet, that it is on its way.
 */
export function createPlainAnswer(facts: {
  origin: string;
  /** Path below the challenges to what is to be read there. */
  challenges: ReadonlyMap<string, string>;
  isReady(): boolean;
  health: Handle;
}): Handle {
  return async (request, peer) => {
    const { path, rest } = split(request.url);
    if (path.startsWith(CHALLENGES)) {
      const answer = facts.challenges.get(path.slice(CHALLENGES.length));
      if (answer === undefined) return plain('There is no such challenge.\n', 404);
      return plain(answer, 200, 'application/octet-stream');
    }
    if (HEALTH.includes(path) && isOwn(peer.address)) return await facts.health(request, peer);
    if (!facts.isReady()) return waitingPage(new URL(facts.origin).host);
    if (rest.length > LONGEST) return plain('This address is too long.\n', 414);
    const location = `${facts.origin}${rest.startsWith('/') ? rest : `/${rest}`}`;
    const response = plain(`This is ${location}\n`, 308);
    response.headers.set('location', location);
    return response;
  };
}

/** Path, and path with query, of an address as Bun hands it out; what somebody wrote into `Host` stays behind. */
function split(url: string): { path: string; rest: string } {
  const from = url.indexOf('/', url.indexOf('//') + 2);
  const rest = from === -1 ? '/' : (url.slice(from).split('#')[0] ?? '/');
  return { path: rest.split('?')[0] ?? '/', rest };
}

function isOwn(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function plain(text: string, status: number, type = 'text/plain; charset=utf-8'): Response {
  const headers = { 'content-type': type, 'cache-control': 'no-store' };
  return new Response(text, {
    status,
    headers: { ...headers, 'x-content-type-options': 'nosniff' },
  });
}

function waitingPage(host: string): Response {
  const title = 'Almost there';
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta http-equiv="refresh" content="10">
<title>${title}</title></head>
<body><h1>${title}</h1>
<p>${escapeHtml(host)} is obtaining its certificate, so that what passes between you and it stays between you.
This takes some seconds; the page looks again by itself.</p>
<p>If it stays like this: whoever runs this server finds the reason in its log, and in <code>tintype doctor</code>.</p>
</body></html>
`;
  const response = plain(body, 503, 'text/html; charset=utf-8');
  response.headers.set('retry-after', '10');
  response.headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  return response;
}
