import { dns } from 'bun';
import {
  type Address,
  type AddressRange,
  isInAny,
  isPublicAddress,
  parseAddress,
  parseAddressRange,
} from '#base/core/addresses.ts';
import { FetchError, type FetchOptions } from '#base/platform/fetch.ts';
import { portOf } from './check-url.ts';

/** Checked addresses of a host, and whether the operator allows it what others may not. */
export type Way = {
  /** IPv4 first: where there is no IPv6, trying it takes the whole deadline. */
  readonly addresses: readonly string[];
  /** All of them are in `allowAddresses`: any port, plain http, no rate. */
  readonly isAllowed: boolean;
};

const PORTS = new Set([80, 443]);
/** Milliseconds that the addresses of a name are used without asking again. */
const KEPT = 30_000;
/** Names that are remembered (T51). */
const MOST = 2000;

/**
 * Makes what finds the addresses of a server and refuses it unless all of them may be reached (T38,
 * T39): a name is resolved once, and the connection goes to what was checked here (T40). Throws
 * `refused_address` and `no_such_host`.
 */
export function createWayFinder(options: FetchOptions): (url: URL) => Promise<Way> {
  const allowed = options.allowAddresses.flatMap((text) => parseAddressRange(text) ?? []);
  const resolve = options.resolve ?? resolveHost;
  const known = new Map<string, { way: Promise<Way>; until: number }>();

  const find = (host: string): Promise<Way> => {
    const kept = known.get(host);
    if (kept !== undefined && kept.until > options.now()) return kept.way;
    known.delete(host);
    const way = resolveWay(host, resolve, allowed);
    known.set(host, { way, until: options.now() + KEPT });
    way.catch(() => {
      if (known.get(host)?.way === way) known.delete(host);
    });
    for (const oldest of known.keys()) {
      if (known.size <= MOST) break;
      known.delete(oldest);
    }
    return way;
  };

  return async (url) => {
    const isUsual = url.protocol === 'https:' && PORTS.has(portOf(url));
    if (!isUsual && allowed.length === 0) throw unusual(url);
    const literal = parseAddress(url.hostname);
    const way = literal
      ? checkAddresses(url.hostname, [url.hostname.replace(/^\[|\]$/g, '')], allowed)
      : await find(url.hostname);
    if (!isUsual && !way.isAllowed) throw unusual(url);
    return way;
  };
}

async function resolveWay(
  host: string,
  resolve: (host: string) => Promise<readonly string[]>,
  allowed: readonly AddressRange[],
): Promise<Way> {
  let addresses: readonly string[];
  try {
    addresses = await resolve(host);
  } catch (cause) {
    // A name server that does not answer says nothing of the name.
    if (
      cause instanceof Error &&
      'code' in cause &&
      !/NOTFOUND|NODATA|NONAME/.test(`${cause.code}`)
    ) {
      throw new FetchError('unreachable', `Nobody says where ${host} is.`, { cause });
    }
    throw new FetchError('no_such_host', `There is no server called ${host}.`, { cause });
  }
  if (addresses.length === 0) {
    throw new FetchError('no_such_host', `There is no server called ${host}.`);
  }
  return checkAddresses(host, addresses, allowed);
}

function checkAddresses(
  host: string,
  texts: readonly string[],
  allowed: readonly AddressRange[],
): Way {
  const addresses = texts.map(parseAddress);
  const isFit = (address: Address | null) =>
    address !== null && (isInAny(address, allowed) || isPublicAddress(address));
  if (!addresses.every(isFit)) {
    throw new FetchError(
      'refused_address',
      `${host} stands for an address that is not on the open internet.`,
    );
  }
  const isAllowed = addresses.every((address) => address !== null && isInAny(address, allowed));
  const isV6 = (text: string) => text.includes(':');
  return {
    addresses: [...texts.filter((text) => !isV6(text)), ...texts.filter(isV6)],
    isAllowed,
  };
}

function unusual(url: URL): FetchError {
  return new FetchError(
    'refused_address',
    url.protocol === 'https:'
      ? `Port ${portOf(url)} of ${url.hostname} is not asked.`
      : `${url.hostname} is only asked over https.`,
  );
}

// c-ares asks without a thread: getaddrinfo has a few, and a hundred names of dead servers make all
// others wait for seconds (T126).
async function resolveHost(host: string): Promise<readonly string[]> {
  const found = await dns.lookup(host, { backend: 'c-ares' });
  return found.map(({ address }) => address);
}
