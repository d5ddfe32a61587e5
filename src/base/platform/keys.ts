import { createPrivateKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);
const signBytes = promisify(sign);

/** A pair for signatures as texts: PKCS #8 and SPKI in PEM. */
export type KeyPair = { privatePem: string; publicPem: string };

/**
 * Makes an RSA key of 2048 bits, the one kind that every other server understands. Takes some tens
 * of milliseconds on another thread.
 */
export async function makeKeyPair(): Promise<KeyPair> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 });
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** The private half of a pair, ready to sign; throws if the text is no key. */
export function readPrivateKey(pem: string): KeyObject {
  return createPrivateKey(pem);
}

/**
 * Signs a text with RSASSA-PKCS1-v1_5 and SHA-256 and gives base64. On another thread: it takes a
 * millisecond, which pages would wait for when hundreds of deliveries go out.
 */
export async function signText(text: string, privateKey: KeyObject): Promise<string> {
  return (await signBytes('sha256', Buffer.from(text), privateKey)).toString('base64');
}
