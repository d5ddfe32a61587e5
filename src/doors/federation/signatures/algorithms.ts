import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** Public keys that are kept ready; beyond that the one longest unused goes (T51). */
const MOST = 2000;
const ready = new Map<string, KeyObject | null>();

/** Names of draft-cavage (`hs2019`: whatever the key is for) and of the registry of RFC 9421 §6.2. */
const RSA = new Set(['rsa-sha256', 'rsa-v1_5-sha256', 'hs2019']);

/**
 * True if `signature` is that key's under a text. The kind of the key decides, and the name of the
 * algorithm must agree, so nobody talks us into another one (T16): RSASSA-PKCS1-v1_5 with SHA-256,
 * RSASSA-PSS with SHA-512, Ed25519. Some 30 µs.
 */
export function isSignedBy(
  pem: string,
  algorithm: string | null,
  text: string,
  signature: Uint8Array,
): boolean {
  const key = readPublicKey(pem);
  if (key === null) return false;
  const name = algorithm?.toLowerCase() ?? 'hs2019';
  const data = Buffer.from(text);
  try {
    switch (key.asymmetricKeyType) {
      case 'rsa':
        if (name === 'rsa-pss-sha512') return verifyPss(key, data, signature);
        return RSA.has(name) && verify('sha256', data, key, signature);
      case 'rsa-pss':
        return (name === 'rsa-pss-sha512' || name === 'hs2019') && verifyPss(key, data, signature);
      case 'ed25519':
        return (name === 'ed25519' || name === 'hs2019') && verify(null, data, key, signature);
      default:
        return false;
    }
  } catch {
    // OpenSSL throws at signatures that no key of this kind makes.
    return false;
  }
}

function verifyPss(key: KeyObject, data: Buffer, signature: Uint8Array): boolean {
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 };
  return verify('sha512', data, { key, ...padding }, signature);
}

function readPublicKey(pem: string): KeyObject | null {
  const known = ready.get(pem);
  if (known !== undefined) {
    ready.delete(pem);
    ready.set(pem, known);
    return known;
  }
  const key = parseKey(pem);
  ready.set(pem, key);
  for (const oldest of ready.keys()) {
    if (ready.size <= MOST) break;
    ready.delete(oldest);
  }
  return key;
}

/** Null for what is no public key, too weak to mean anything, or so large that it costs more than it proves. */
function parseKey(pem: string): KeyObject | null {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    return null;
  }
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (modulusLength === undefined) return key;
  if (modulusLength < 1024 || modulusLength > 8192) return null;
  return publicExponent === undefined || publicExponent < 2n ** 33n ? key : null;
}
