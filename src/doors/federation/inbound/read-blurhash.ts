import type { JsonValue } from '#base/core/json.ts';

const DIGITS =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';
const MOST_COMPONENTS = 5;

/** A blurhash if it is one, with at most 5×5 components (T65); '' for all else: a browser draws it. */
export function readBlurhash(value: JsonValue | undefined): string {
  if (typeof value !== 'string' || value.length < 6 || value.length > 164) return '';
  for (const digit of value) if (!DIGITS.includes(digit)) return '';
  const size = DIGITS.indexOf(value.charAt(0));
  const [across, down] = [(size % 9) + 1, Math.floor(size / 9) + 1];
  const fits = across <= MOST_COMPONENTS && down <= MOST_COMPONENTS;
  return fits && value.length === 4 + 2 * across * down ? value : '';
}
