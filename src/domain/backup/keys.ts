import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '#base/platform/files.ts';

/** What backups are signed with: Ed25519 (RFC 8032). */
export type BackupKey = { private: KeyObject /** 32 bytes in base 64. */; publicKey: string };

const KEY_FILE = 'backup.key';
// What stands before the 32 bytes of a public Ed25519 key in SPKI (RFC 8410).
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** The key of this server, `backup.key` in its data directory, readable by its owner alone; made at the first use. */
export function readBackupKey(files: Pick<Files, 'root'>): BackupKey {
  const path = join(files.root, KEY_FILE);
  const key = createPrivateKey(readPem(path) ?? makePem(path));
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { private: key, publicKey: der.subarray(SPKI_HEAD.length).toString('base64') };
}

/** Signs bytes; 64 bytes in base 64. */
export function signBytes(key: BackupKey, bytes: Uint8Array): string {
  return sign(null, bytes, key.private).toString('base64');
}

/** True if the holder of that public key (base 64) signed these bytes. */
export function isSignedBy(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  try {
    const der = Buffer.concat([SPKI_HEAD, Buffer.from(publicKey, 'base64')]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const raw = Buffer.from(signature, 'base64');
    return raw.toString('base64') === signature && verify(null, bytes, key, raw);
  } catch {
    return false;
  }
}

/** How people compare public keys: 128 bits of its SHA-256, in eight groups. */
export function fingerprintOf(publicKey: string): string {
  const hex = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex');
  return (hex.slice(0, 32).match(/.{4}/g) ?? []).join(' ');
}

function readPem(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8');
    // A power cut right after it was made.
    return text.trim() === '' ? null : text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function makePem(path: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, pem);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return pem;
}
