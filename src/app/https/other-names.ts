import type { Peer } from '#doors/http/server.ts';

type Handle = (request: Request, peer: Peer) => Promise<Response>;

/** Leads whoever comes by one of the further names (`www.…`) to the address itself; the path stays. */
export function otherNames(origin: string, names: readonly string[], handle: Handle): Handle {
  const home = new URL(origin).hostname;
  const others = new Set(names.filter((name) => name !== home));
  if (others.size === 0) return handle;
  return async (request, peer) => {
    const host = request.headers.get('host')?.toLowerCase().replace(/:\d+$/, '');
    if (host === undefined || !others.has(host)) return await handle(request, peer);
    const from = request.url.indexOf('/', request.url.indexOf('//') + 2);
    const location = `${origin}${from === -1 ? '/' : request.url.slice(from)}`;
    return new Response(`This is ${origin}\n`, {
      status: 308,
      headers: { location, 'strict-transport-security': 'max-age=31536000' },
    });
  };
}
