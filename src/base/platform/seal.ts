import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** Keeps texts unreadable for whoever has the database alone. */
export type Seal = {
  seal(text: string): string;
  /** Null if it was sealed with another key, or is no sealed text. */
  unseal(sealed: string): string | null;
};

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals with AES-256-GCM under the key in a file of its own, readable by its owner alone; the file is
 * made at the first use. Without the file what was sealed is lost, and nothing else.
 */
export function createSeal(path: string): Seal {
  let key: Buffer | null = null;
  const readKey = () => {
    key ??= openKey(path);
    return key;
  };
  return {
    seal: (text) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', readKey(), nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    unseal: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
      const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
      try {
        const nonce = bytes.subarray(0, NONCE_BYTES);
        const decipher = createDecipheriv('aes-256-gcm', readKey(), nonce);
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}

function openKey(path: string): Buffer {
  const known = readKeyFile(path);
  if (known?.length === KEY_BYTES) return known;
  const made = randomBytes(KEY_BYTES);
  writeFileSync(path, made, { mode: 0o600 });
  return made;
}

function readKeyFile(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
