import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { ReleaseManifest } from '#domain/upkeep/release-manifest.ts';

// DER of an Ed25519 private key (RFC 8410) up to its 32 bytes.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A fresh pair for releases as base64 of 32 bytes each: what signs, and what goes into `package.json`. */
export function makeReleaseKey(): { secret: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const secret = der.subarray(PKCS8.length).toString('base64');
  return { secret, publicKey: publicKeyOf(secret) };
}

/** The public half of a key for releases. */
export function publicKeyOf(secret: string): string {
  const der = createPublicKey(readKey(secret)).export({ format: 'der', type: 'spki' });
  return der.subarray(-32).toString('base64');
}

/** The exact bytes of `release.json` and the text of `release.json.sig`. */
export function signRelease(
  manifest: ReleaseManifest,
  secret: string,
): { bytes: Buffer; signature: string } {
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  return { bytes, signature: `${sign(null, bytes, readKey(secret)).toString('base64')}\n` };
}

function readKey(secret: string): KeyObject {
  const raw = Buffer.from(secret.trim(), 'base64');
  if (raw.length !== 32) throw new Error('The key for releases is the base64 of 32 bytes.');
  return createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' });
}
