import type { Context } from '#base/context.ts';
import {
  type AddressRange,
  isInRange,
  parseAddress,
  parseAddressRange,
} from '#base/core/addresses.ts';
import { watchProxies } from './proxy-watch.ts';

/** Tells who speaks to us and whether they do so over https. */
export type PeerReader = (request: Request, peer: string) => { address: string; secure: boolean };

/**
 * Makes the reader of peers: `X-Forwarded-For` and `-Proto` count only when the connection comes
 * from a trusted proxy. The list is walked from the right; the first address that is no trusted
 * proxy is the person's, so what a stranger writes in front of it changes nothing.
 */
export function createPeerReader(ctx: Pick<Context, 'config'>): PeerReader {
  const trusted = ctx.config.trustedProxies
    .map(parseAddressRange)
    .filter((range): range is AddressRange => range !== null);
  const isTrusted = (text: string): boolean => {
    const address = parseAddress(text);
    return address !== null && trusted.some((range) => isInRange(address, range));
  };
  const always = ctx.config.origin?.startsWith('https:') ?? false;
  const watch = watchProxies(ctx.config);

  return (request, peer) => {
    const direct = always || request.url.startsWith('https:');
    const believed = trusted.length > 0 && isTrusted(peer);
    watch?.see(request, peer, believed);
    if (!believed) return { address: peer, secure: direct };
    const protocol = request.headers.get('x-forwarded-proto')?.split(',').at(-1)?.trim();
    return {
      address: farthest(request.headers.get('x-forwarded-for'), peer, isTrusted),
      secure: direct || protocol === 'https',
    };
  };
}

function farthest(list: string | null, peer: string, isTrusted: (text: string) => boolean): string {
  let address = peer;
  const hops = list === null ? [] : list.slice(-2000).split(',');
  for (let index = hops.length - 1; index >= 0; index -= 1) {
    const hop = withoutPort((hops[index] ?? '').trim());
    if (parseAddress(hop) === null) return address;
    address = hop;
    if (!isTrusted(hop)) return address;
  }
  return address;
}

function withoutPort(hop: string): string {
  const match = /^\[([^\]]+)\](?::[0-9]+)?$/.exec(hop) ?? /^([0-9.]+):[0-9]+$/.exec(hop);
  return match?.[1] ?? hop;
}
