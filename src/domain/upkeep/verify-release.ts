import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { type ReleaseManifest, releaseManifest } from './release-manifest.ts';

// DER of an Ed25519 public key (RFC 8410) up to its 32 bytes.
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Reads a manifest after its signature was checked: nothing of it is looked at before. `key` is the
 * base64 of the 32 bytes of an Ed25519 public key. Throws `forbidden` for a wrong signature and
 * `invalid` for what this version cannot read.
 */
export function verifyRelease(bytes: Uint8Array, signature: string, key: string): ReleaseManifest {
  const signed = Buffer.from(signature.trim(), 'base64');
  if (signed.length !== 64 || !verify(null, bytes, readKey(key), signed)) {
    throw new AppError(
      'forbidden',
      'The release is not signed with the key that this Tintype trusts; nothing was changed.',
    );
  }
  const read = v.safeParse(releaseManifest, parseJson(bytes));
  if (read.success) return read.output;
  throw new AppError(
    'invalid',
    'The release is described in a way that this version cannot read; install it by hand.',
  );
}

function readKey(text: string): KeyObject {
  const raw = Buffer.from(text, 'base64');
  if (raw.length !== 32) {
    throw new AppError('invalid', 'The key for updates is not the base64 of an Ed25519 key.');
  }
  return createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
