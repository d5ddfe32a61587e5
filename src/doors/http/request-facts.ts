import type { Upgrade } from './socket.ts';

/** What the door knows of a request besides the request itself. */
export type RequestFacts = {
  /** For the log and `X-Request-Id`. */
  readonly id: string;
  /** Who speaks, behind trusted proxies. */
  readonly address: string;
  /** True if the person's browser speaks https, directly or to a trusted proxy. */
  readonly secure: boolean;
  readonly startedAt: number;
  /** As it was sent: HEAD, where routes see GET. */
  readonly method: string;
  /** Makes a WebSocket of the request; null if it came past the port. */
  readonly upgrade: Upgrade | null;
  /** The pattern of the route that answered, e.g. `/api/v1/statuses/:id`. */
  route: string;
  /** Cookies to add to the answer, whoever makes it. */
  readonly cookies: string[];
  /** What the rate limit adds to an API answer. */
  rate: { limit: number; remaining: number; resetAt: number } | null;
};

const known = new WeakMap<Request, RequestFacts>();
let boot = '';
let counter = 0;

/** Remembers who sent a request; called by the door before anything else. */
export function rememberRequest(
  request: Request,
  peer: { address: string; secure: boolean },
  upgrade: Upgrade | null = null,
  id: string | null = null,
): RequestFacts {
  counter += 1;
  const facts: RequestFacts = {
    id: id ?? `${bootId()}-${counter.toString(36)}`,
    address: peer.address,
    secure: peer.secure,
    startedAt: performance.now(),
    method: request.method,
    upgrade,
    route: '',
    cookies: [],
    rate: null,
  };
  known.set(request, facts);
  return facts;
}

/** What the ids of this process begin with: an answer that bears it came from here. */
export function bootId(): string {
  if (boot === '') boot = crypto.randomUUID().slice(0, 8);
  return boot;
}

/** What is known of a request; a request that came past the door counts as local and plain. */
export function requestFacts(request: Request): RequestFacts {
  return known.get(request) ?? rememberRequest(request, { address: '127.0.0.1', secure: false });
}

/** Lets a second `Request` stand for the first, e.g. the GET that answers a HEAD. */
export function shareFacts(from: Request, to: Request): void {
  known.set(to, requestFacts(from));
}

/** The path of a request's address without query: cheaper than `new URL`, same text. */
export function requestPath(request: Request): string {
  const url = request.url;
  const start = url.indexOf('/', url.indexOf('://') + 3);
  if (start === -1) return '/';
  const query = url.indexOf('?', start);
  const end = query === -1 ? url.indexOf('#', start) : query;
  return end === -1 ? url.slice(start) : url.slice(start, end);
}

/** The query of a request's address, without the question mark. */
export function requestQuery(request: Request): string {
  const at = request.url.indexOf('?');
  if (at === -1) return '';
  const hash = request.url.indexOf('#', at);
  return hash === -1 ? request.url.slice(at + 1) : request.url.slice(at + 1, hash);
}
