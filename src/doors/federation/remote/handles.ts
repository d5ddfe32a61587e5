import type { Config } from '#base/config/config.ts';
import { isInRange, parseAddress, parseAddressRange } from '#base/core/addresses.ts';
import { originOf } from '#domain/origin.ts';

/** Somebody as `username@domain`; the domain in lower case, as IDNA, with its port if it has one. */
export type Handle = { username: string; domain: string };

// What Pixelfed and Mastodon allow too; dots and dashes are common elsewhere, never at the ends.
const USERNAME = /^[a-z0-9_](?:[a-z0-9_.-]{0,98}[a-z0-9_])?$/i;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one spelling of a domain: lower case and IDNA (`EXAMPLE。com` is `example.com`), port kept. Null
 * for anything else that an address could hide: names with passwords, paths, dots at the end, IPv6.
 */
export function normaliseDomain(text: string): string | null {
  if (text.length > 260 || /[\s/\\?#@%[\]]/.test(text)) return null;
  const url = URL.parse(`https://${text}`);
  if (url === null || url.pathname !== '/' || url.username !== '') return null;
  const { hostname, host } = url;
  // The usual port goes when it is said: `example.com:443` is `example.com`.
  return hostname.length <= 253 && DOMAIN.test(hostname) ? host : null;
}

/** Reads `user@domain`, `@user@domain` and `acct:user@domain`; null for anything else. */
export function parseHandle(text: string): Handle | null {
  const bare = text
    .trim()
    .replace(/^acct:/i, '')
    .replace(/^@/, '');
  const parts = bare.split('@');
  const [username = '', place = ''] = parts;
  if (parts.length !== 2 || !USERNAME.test(username)) return null;
  const domain = normaliseDomain(place);
  return domain === null ? null : { username, domain };
}

/** Whether two handles are the same person: upper and lower case alike. */
export function sameHandle(one: Handle, other: Handle): boolean {
  return one.domain === other.domain && one.username.toLowerCase() === other.username.toLowerCase();
}

/** True for the part after the @ of our own people. */
export function isOwnDomain(config: Config, domain: string): boolean {
  return domain === new URL(originOf(config)).host;
}

/** Where the well-known addresses of a domain begin: https, but for servers of the owner's own network. */
export function originOfDomain(config: Config, domain: string): string {
  const address = parseAddress(domain.replace(/:\d+$/, ''));
  const near = config.allowAddresses.some((text) => {
    const range = parseAddressRange(text);
    return address !== null && range !== null && isInRange(address, range);
  });
  return `${near ? 'http' : 'https'}://${domain}`;
}
