import { parseAddress } from '#base/core/addresses.ts';

// What means something in one network alone (RFC 6761, 6762, 8375, 9476 and habit).
const LOCAL = ['local', 'localhost', 'lan', 'home', 'internal', 'intranet', 'private', 'corp'];
const NOWHERE = ['test', 'example', 'invalid', 'onion', 'arpa'];

/** Whether a name can exist in the DNS of the internet, so that a public authority can issue for it. */
export function isPublicName(name: string): boolean {
  if (parseAddress(name) !== null || !name.includes('.')) return false;
  const last = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return /^(?:[a-z]{2,63}|xn--[a-z0-9-]+)$/.test(last) && ![...LOCAL, ...NOWHERE].includes(last);
}
