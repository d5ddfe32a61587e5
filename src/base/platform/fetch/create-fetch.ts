import { createBuckets } from '#base/core/buckets.ts';
import {
  type FetchAnswer,
  FetchError,
  type FetchOptions,
  type FetchRequest,
  type GuardedFetch,
} from '#base/platform/fetch.ts';
import { checkUrl } from './check-url.ts';
import { connect } from './connect.ts';
import { type Deadline, openDeadline } from './deadline.ts';
import { createWayFinder, type Way } from './find-way.ts';
import { isWantedType } from './media-type.ts';
import { cancel, readBody } from './read-body.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MINUTE = 60_000;
const PER_HOST = 600;
/** Many names can stand for one machine, which is then asked in vain under each. */
const PER_ADDRESS = 3000;

type Guard = {
  readonly options: FetchOptions;
  readonly findWay: (url: URL) => Promise<Way>;
  /** Throws `too_many`. */
  readonly spend: (url: URL, way: Way) => void;
};

/**
 * Makes the guarded fetcher of one server: federation.md T38–T44, T50. What `headers` throws comes
 * out as it is, everything else as `FetchError`.
 */
export function createFetch(options: FetchOptions): GuardedFetch {
  const guard = { options, findWay: createWayFinder(options), spend: createPurse(options) };
  return async (request) => {
    const deadline = openDeadline(request.deadline, request.signal);
    try {
      return await follow(guard, request, deadline);
    } finally {
      deadline.close();
    }
  };
}

async function follow(
  guard: Guard,
  request: FetchRequest,
  deadline: Deadline,
): Promise<FetchAnswer> {
  const hops = request.method === 'POST' ? 0 : (request.redirects ?? 0);
  let url = checkUrl(request.url);
  for (let hop = 0; ; hop += 1) {
    const response = await ask(guard, request, url, deadline);
    const target =
      hops > 0 && REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (target === null) return await readAnswer(request, url, response, deadline);
    await cancel(response);
    if (hop === hops) {
      throw new FetchError('bad_redirect', `${request.url} leads on more than ${hops} times.`);
    }
    url = nextUrl(url, target);
  }
}

function nextUrl(from: URL, target: string): URL {
  let next: URL;
  try {
    next = checkUrl(target.replace(/#.*$/s, ''), from);
  } catch (cause) {
    throw new FetchError('bad_redirect', `${from.host} leads to no proper address.`, { cause });
  }
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    throw new FetchError('bad_redirect', `${from.host} leads away from https.`);
  }
  return next;
}

async function ask(
  { options, findWay, spend }: Guard,
  request: FetchRequest,
  url: URL,
  deadline: Deadline,
): Promise<Response> {
  if (options.isOwnHost?.(url.host)) {
    throw new FetchError('refused_address', 'The address is our own.');
  }
  // First: who is not spoken with is refused here by the caller, and not even the name is asked for.
  const headers = await inTime(deadline, url, Promise.resolve(request.headers?.(url)));
  const way = await inTime(deadline, url, findWay(url));
  spend(url, way);
  return await connect(url, way.addresses, deadline, {
    method: request.method ?? 'GET',
    headers: {
      ...headers,
      // Last, so that nothing else takes their place: the signature covers this very host.
      host: url.host,
      'user-agent': options.userAgent,
      'accept-encoding': 'gzip',
    },
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
}

async function inTime<T>(deadline: Deadline, url: URL, work: Promise<T>): Promise<T> {
  try {
    return await deadline.race(work);
  } catch (error) {
    deadline.throwIfOver(url.host);
    throw error;
  }
}

async function readAnswer(
  { method, types, maxBytes }: FetchRequest,
  url: URL,
  response: Response,
  deadline: Deadline,
): Promise<FetchAnswer> {
  const { status, headers } = response;
  const isGood = status >= 200 && status < 300;
  if (isGood && types !== undefined && !isWantedType(headers.get('content-type'), types)) {
    await cancel(response);
    throw new FetchError('wrong_type', `${url.host} answered with another kind of content.`);
  }
  try {
    const body = await readBody(response, { maxBytes, cut: !isGood || method === 'POST' });
    return { status, url: url.href, headers, body };
  } catch (cause) {
    deadline.throwIfOver(url.host);
    if (cause instanceof FetchError) throw cause;
    throw new FetchError('unreachable', `${url.host} broke its answer off.`, { cause });
  }
}

/** How much one server is asked (T50), with bounded memory (T51). */
function createPurse({ now }: FetchOptions): Guard['spend'] {
  const hosts = createBuckets({ limit: PER_HOST, windowMs: MINUTE, maxKeys: 10_000 }, now);
  const machines = createBuckets({ limit: PER_ADDRESS, windowMs: MINUTE, maxKeys: 10_000 }, now);
  return (url, { addresses, isAllowed }) => {
    if (isAllowed) return;
    for (const rate of [hosts.take(url.host), machines.take(addresses[0] ?? '')]) {
      if (rate.allowed) continue;
      throw new FetchError('too_many', `${url.host} was asked too often in the last minute.`, {
        retryAfter: rate.retryAfter * 1000,
      });
    }
  };
}
