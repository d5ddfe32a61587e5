import type { Config } from '#base/config/config.ts';
import { isPublicAddress, parseAddress } from '#base/core/addresses.ts';

/** What can be wrong between a proxy in front and this server. */
export type ProxyMistake = 'untrusted' | 'no_address' | 'host' | 'protocol';
/** How often it was seen lately, and what was seen last. Times in milliseconds since 1970. */
export type Sighting = { count: number; since: number; last: number; peer: string; detail: string };

export type ProxyWatch = {
  /** Looks at a request; `isTrusted`: its sender is a proxy that is believed. */
  see(request: Request, peer: string, isTrusted: boolean): void;
  sightings(): ReadonlyMap<ProxyMistake, Sighting>;
};

const HOUR = 3_600_000;
const HEALTH = /\/(?:livez|readyz)$/;

const watches = new WeakMap<Config, ProxyWatch>();

/** The watch of one server; null where no proxy is expected: without a public address, or with https of its own. */
export function watchProxies(config: Config): ProxyWatch | null {
  if (config.origin === null || config.https.names.length > 0) return null;
  const known = watches.get(config);
  if (known !== undefined) return known;
  const watch = createProxyWatch(config.origin);
  watches.set(config, watch);
  return watch;
}

function createProxyWatch(origin: string): ProxyWatch {
  const home = new URL(origin);
  const seen = new Map<ProxyMistake, Sighting>();
  const note = (mistake: ProxyMistake, peer: string, detail: string) => {
    const now = Date.now();
    const before = seen.get(mistake);
    // What was mended an hour ago is no mistake any more, and what comes once a day none either.
    const goesOn = before !== undefined && now - before.last < HOUR;
    const [count, since] = goesOn ? [before.count + 1, before.since] : [1, now];
    seen.set(mistake, { count, since, last: now, peer, detail: detail.slice(0, 200) });
  };
  return {
    see: ({ headers, url }, peer, isTrusted) => {
      const list = headers.get('x-forwarded-for');
      const protocol = headers.get('x-forwarded-proto');
      const host = headers.get('host') ?? '';
      const passedOn =
        list !== null || protocol !== null || headers.has('x-real-ip') || headers.has('forwarded');
      if (!passedOn && (HEALTH.test(url) || host !== home.host)) return;
      if (passedOn && !isTrusted && isNear(peer)) note('untrusted', peer, '');
      if (list === null && (isTrusted || isNear(peer))) note('no_address', peer, '');
      if (passedOn && host !== home.host && isMeantForUs(host, headers, home.host)) {
        note('host', peer, host);
      }
      const last = protocol?.split(',').at(-1)?.trim();
      if (isTrusted && last === 'http' && home.protocol === 'https:') note('protocol', peer, '');
    },
    sightings: () => seen,
  };
}

/** In the same machine or network: a proxy of ours, or a visitor who wrote such a header for fun, but no stranger. */
function isNear(peer: string): boolean {
  const address = parseAddress(peer);
  return address !== null && !isPublicAddress(address);
}

/** Strangers ask proxies for every name there is; what a proxy makes up itself is an address or a bare word. */
function isMeantForUs(host: string, headers: Headers, home: string): boolean {
  if (headers.get('x-forwarded-host') === home) return true;
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return parseAddress(name) !== null || !name.includes('.');
}
