import { isIP } from 'node:net';

/** Reads IP addresses and CIDR ranges with commas between them; null if one of them is neither. */
export function parseRanges(text: string): string[] | null {
  const ranges = text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return ranges.every(isRange) ? ranges : null;
}

function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
