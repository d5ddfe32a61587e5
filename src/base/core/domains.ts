import { parseAddress } from './addresses.ts';

const HOST =
  /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*(:[0-9]{1,5})?$/;

/**
 * A domain as it is compared everywhere: lower case, IDNA (`xn--…`), with its port if it has one that
 * https would not take. Takes what people paste: `*.example.org`, `@example.org`, a whole address.
 * Null for what is no domain.
 */
export function normaliseDomain(text: string): string | null {
  const bare = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/^(?:@|\*\.|\.)/, '')
    .replace(/[/?#].*$/s, '');
  if (bare === '' || bare.length > 253 || bare.includes('@')) return null;
  const url = URL.parse(`https://${bare}`);
  if (url === null) return null;
  const host = url.host.replace(/\.(?=$|:)/, '');
  return host.startsWith('[') || HOST.test(host) ? host : null;
}

/**
 * The names under which a rule for a host may stand, the narrowest first: itself, itself without its
 * port, then everything above it. An IP address has nothing above it.
 */
export function domainsAbove(host: string): string[] {
  const name = host.replace(/:[0-9]+$/, '');
  const names = host === name ? [name] : [host, name];
  if (parseAddress(name) !== null) return names;
  let above = name;
  for (let dot = above.indexOf('.'); dot >= 0; dot = above.indexOf('.')) {
    above = above.slice(dot + 1);
    names.push(above);
  }
  return names;
}
