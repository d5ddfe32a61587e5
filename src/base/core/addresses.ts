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
