import { createHash } from 'node:crypto';
import { parseDictionary } from 'structured-headers';
import { AppError } from '#base/core/errors.ts';
import { badSignature } from './parsed-signature.ts';

const HASHES: Readonly<Record<string, 'sha256' | 'sha512'>> = {
  'sha-256': 'sha256',
  'sha-512': 'sha512',
};
const MAX_HEADER = 1024;
const NAME = /(?<=^|,)\s*[A-Za-z0-9-]+=/g;

/**
 * Throws unless every digest of the body that we can compute is right and the header that the
 * signature covers has one of them: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530), names of
 * algorithms in any case. What is wrong or unknown is `unauthorized`, the same one twice is
 * `bad_request` (T13, T20).
 */
export function demandDigest(
  headers: Headers,
  body: Uint8Array,
  covered: 'digest' | 'content-digest',
): void {
  const counts = {
    digest: checkDigests(readDigest(headers.get('digest')), body),
    'content-digest': checkDigests(readContentDigest(headers.get('content-digest')), body),
  };
  if (counts[covered] === 0) {
    throw badSignature('The digest is missing or of an unknown kind; use SHA-256.');
  }
}

function checkDigests(said: ReadonlyMap<string, Uint8Array>, body: Uint8Array): number {
  let known = 0;
  for (const [name, expected] of said) {
    const hash = Object.hasOwn(HASHES, name) ? HASHES[name] : undefined;
    if (hash === undefined) continue;
    known += 1;
    if (!createHash(hash).update(body).digest().equals(expected)) {
      throw badSignature('The body does not fit its digest.');
    }
  }
  return known;
}

function readDigest(header: string | null): Map<string, Uint8Array> {
  const said = new Map<string, Uint8Array>();
  if (header === null) return said;
  if (header.length > MAX_HEADER) throw new AppError('bad_request', 'The digest is too long.');
  for (const part of header.split(',')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim().toLowerCase();
    if (at === -1 || name === '') throw badSignature('The Digest header cannot be read.');
    if (said.has(name)) throw new AppError('bad_request', 'There are two digests of one kind.');
    said.set(name, Buffer.from(part.slice(at + 1).trim(), 'base64'));
  }
  return said;
}

function readContentDigest(header: string | null): Map<string, Uint8Array> {
  const said = new Map<string, Uint8Array>();
  if (header === null) return said;
  if (header.length > MAX_HEADER) throw new AppError('bad_request', 'The digest is too long.');
  // Names in any case, as with `Digest`; a dictionary would take the last of two in silence.
  const names = header.match(NAME) ?? [];
  if (new Set(names.map(lower)).size !== names.length) {
    throw new AppError('bad_request', 'There are two digests of one kind.');
  }
  try {
    for (const [name, [value]] of parseDictionary(header.replace(NAME, lower))) {
      if (value instanceof ArrayBuffer) said.set(name, new Uint8Array(value));
    }
  } catch {
    throw badSignature('The Content-Digest header cannot be read.');
  }
  return said;
}

function lower(text: string): string {
  return text.trim().toLowerCase();
}
