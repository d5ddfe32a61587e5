import { FetchError } from '#base/platform/fetch.ts';

const LONGEST = 4096;

/**
 * Reads an address that came from outside: absolute, http or https, without credentials, fragment or
 * trailing dot of its host. Reading turns hex, octal, decimal and short forms of IPv4 into the plain
 * one (WHATWG URL), so that the address rules see it. Throws `bad_url`.
 */
export function checkUrl(text: string, base?: URL): URL {
  const url = text.length > LONGEST ? null : URL.parse(text, base?.href);
  if (url === null) throw new FetchError('bad_url', 'This is no address of another server.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new FetchError('bad_url', 'Only http and https addresses are asked.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new FetchError('bad_url', 'An address with a name and password in it is not asked.');
  }
  if (url.hash !== '' || (base === undefined && text.includes('#'))) {
    throw new FetchError('bad_url', 'An address with a fragment is not asked.');
  }
  if (url.hostname === '' || url.hostname.endsWith('.') || url.hostname.includes('%')) {
    throw new FetchError('bad_url', 'This is no name of a server.');
  }
  return url;
}

/** The port that an address stands for, also where it is left out. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
