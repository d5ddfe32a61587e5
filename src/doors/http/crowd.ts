import { addressBlock } from '#base/core/addresses.ts';

/** Requests of one address in work at the same time; a browser opens six connections. */
const MAX_AT_ONCE = 256;

/**
 * Makes the count of requests in work per address (IPv6: per /64). `enter` answers how to leave, or
 * null if that address already has `most` under way.
 */
export function createCrowd(most = MAX_AT_ONCE): {
  enter(address: string): (() => void) | null;
} {
  const present = new Map<string, number>();
  const enter = (address: string): (() => void) | null => {
    const key = address.includes(':') ? addressBlock(address) : address;
    const count = present.get(key) ?? 0;
    if (count >= most) return null;
    present.set(key, count + 1);
    return () => {
      const rest = (present.get(key) ?? 1) - 1;
      if (rest > 0) present.set(key, rest);
      else present.delete(key);
    };
  };
  return { enter };
}
