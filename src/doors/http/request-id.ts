import type { Context } from '#base/context.ts';
import {
  type AddressRange,
  isInRange,
  parseAddress,
  parseAddressRange,
} from '#base/core/addresses.ts';

/**
 * Makes the reader of `X-Request-Id`: a proxy that we trust may say under which id it has a request
 * in its own log. Anybody else's is passed over, so that nobody writes into our log (T82).
 */
export function createRequestIds(
  ctx: Pick<Context, 'config'>,
): (request: Request, peer: string) => string | null {
  const trusted = ctx.config.trustedProxies
    .map(parseAddressRange)
    .filter((range): range is AddressRange => range !== null);
  return (request, peer) => {
    if (trusted.length === 0) return null;
    const said = request.headers.get('x-request-id');
    if (said === null || !/^[\w.:-]{8,80}$/.test(said)) return null;
    const address = parseAddress(peer);
    return address !== null && trusted.some((range) => isInRange(address, range)) ? said : null;
  };
}
