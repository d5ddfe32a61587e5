/** An IP address as its bytes: 4 for IPv4, 16 for IPv6. */
export type Address = readonly number[];
/** A range of addresses: those that share the first `bits` bits with `address`. */
export type AddressRange = { readonly address: Address; readonly bits: number };

/** Reads `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1` (which is IPv4); null for anything else. */
export function parseAddress(text: string): Address | null {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): Address | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const bytes: number[] = [];
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return null;
    bytes.push(Number(part));
  }
  return bytes;
}

function parseV6(text: string): Address | null {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%[0-9a-z._-]+$/i, '');
  const halves = bare.split('::');
  if (bare.length > 45 || halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (!head || !tail) return null;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return null;
  const bytes = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  return mapped && bytes[11] === 255 ? bytes.slice(12) : bytes;
}

function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (index === groups.length - 1 && group.includes('.')) {
      const v4 = parseV4(group);
      if (!v4) return null;
      bytes.push(...v4);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return null;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    }
  }
  return bytes;
}

/** Reads `10.0.0.0/8` or a lone address (a range of one); null for anything else. */
export function parseAddressRange(text: string): AddressRange | null {
  const [base = '', size, rest] = text.trim().split('/');
  const address = parseAddress(base);
  if (!address || rest !== undefined) return null;
  const most = address.length * 8;
  if (size === undefined) return { address, bits: most };
  if (!/^[0-9]{1,3}$/.test(size) || Number(size) > most) return null;
  return { address, bits: Number(size) };
}

/** Whether an address lies in a range; IPv4 and IPv6 never contain each other. */
export function isInRange(address: Address, range: AddressRange): boolean {
  if (address.length !== range.address.length) return false;
  const whole = range.bits >> 3;
  for (let index = 0; index < whole; index += 1) {
    if (address[index] !== range.address[index]) return false;
  }
  const rest = range.bits & 7;
  if (rest === 0) return true;
  const mask = (0xff << (8 - rest)) & 0xff;
  return ((address[whole] ?? 0) & mask) === ((range.address[whole] ?? 0) & mask);
}

// IANA's registries of special-purpose addresses, and what carries another address inside itself
// (NAT64, 6to4, Teredo), because that one would go unchecked.
const RESERVED_V4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // behind a provider's NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local; metadata of cloud machines
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
].flatMap(toRange);
/** All that is given out of IPv6; everything else (::1, ::, fc00::/7, fe80::/10, 64:ff9b::/96 …) is not public. */
const GLOBAL_V6 = ['2000::/3'].flatMap(toRange);
const RESERVED_V6 = [
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3ffe::/16', // 6bone
  '3fff::/20', // documentation
].flatMap(toRange);

function toRange(text: string): AddressRange[] {
  const range = parseAddressRange(text);
  return range === null ? [] : [range];
}

/** Whether an address belongs to a machine on the open internet: in no range that is reserved or private (T38). */
export function isPublicAddress(address: Address): boolean {
  if (address.length === 4) return !isInAny(address, RESERVED_V4);
  return isInAny(address, GLOBAL_V6) && !isInAny(address, RESERVED_V6);
}

/** Whether an address lies in one of several ranges. */
export function isInAny(address: Address, ranges: readonly AddressRange[]): boolean {
  return ranges.some((range) => isInRange(address, range));
}

/**
 * What one customer of an internet provider holds, for counting requests: the address itself for
 * IPv4, its /64 for IPv6. Text that is no address counts as itself.
 */
export function addressBlock(text: string): string {
  const address = parseAddress(text);
  if (!address) return text;
  if (address.length === 4) return address.join('.');
  const groups: string[] = [];
  for (let index = 0; index < 8; index += 2) {
    groups.push((((address[index] ?? 0) << 8) | (address[index + 1] ?? 0)).toString(16));
  }
  return `${groups.join(':')}::/64`;
}
