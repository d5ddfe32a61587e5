import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** An unguessable name of `bytes` random bytes (16 = 128 bits) in lower-case base 32, safe in a URL and a file name. */
export function randomName(bytes = 16): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of randomBytes(bytes)) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((value >>> bits) & 31);
    }
  }
  return bits > 0 ? text + alphabet.charAt((value << (5 - bits)) & 31) : text;
}

/** What is stored of a secret that a person or an app holds: SHA-256 in hex (the secrets are random, so no salt). */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Keyed signature of a text, in URL-safe base 64. */
export function signText(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Compares without telling by time where two texts differ. */
export function sameSecret(one: string, other: string): boolean {
  const a = createHash('sha256').update(one).digest();
  const b = createHash('sha256').update(other).digest();
  return timingSafeEqual(a, b);
}
