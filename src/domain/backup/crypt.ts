import { createHmac } from 'node:crypto';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { AppError } from '#base/core/errors.ts';

/** Encryption of one place: everything in it is an age file (age-encryption.org/v1) for one identity. */
export type Crypt = {
  /** Pieces in, pieces of the encrypted file out; memory does not grow with the file. */
  encrypt(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** The way back; throws `invalid` if it was not encrypted for this place, or is damaged. */
  decrypt(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Bytes of the encrypted file of so many bytes. */
  encryptedBytes(bytes: number): number;
  /** Under which name a content with this SHA-256 is kept, so that names tell nothing of known photos. */
  nameOf(sha256: string): string;
};

// 2^16 instead of age's 2^18: 64 MB and a fifth of a second on a Raspberry Pi's 512 MB. A passphrase
// has 12 characters at least.
const SCRYPT_WORK = 16;
const KEY_FILE_MAX = 10_000;

/** Makes the key of a new place: the bytes of `key.age`, which only the passphrase opens. */
export async function makeKeyFile(passphrase: string): Promise<Uint8Array> {
  const sealed = new Encrypter();
  sealed.setScryptWorkFactor(SCRYPT_WORK);
  sealed.setPassphrase(passphrase);
  return await sealed.encrypt(`${await generateX25519Identity()}\n`);
}

/** Opens `key.age` of a place; throws `forbidden` if the passphrase is another one. */
export async function openKeyFile(
  bytes: Uint8Array,
  passphrase: string,
  label: string,
): Promise<Crypt> {
  const opener = new Decrypter();
  opener.addPassphrase(passphrase);
  try {
    if (bytes.byteLength > KEY_FILE_MAX) throw new Error('too large');
    const identity = (await opener.decrypt(bytes, 'text')).trim();
    return await createCrypt(identity);
  } catch (error) {
    throw new AppError(
      'forbidden',
      `The passphrase does not open the backups in ${label}. It is the one that was set (backup.passphrase) when the first of them was made.`,
      { cause: error },
    );
  }
}

async function createCrypt(identity: string): Promise<Crypt> {
  const recipient = await identityToRecipient(identity);
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  // The first part of every file has the same length.
  const measured = await encrypter.encrypt(toStream(noPieces()));
  await measured.cancel();
  return {
    encrypt: async function* (source) {
      yield* await encrypter.encrypt(toStream(source));
    },
    decrypt: async function* (source) {
      try {
        yield* await decrypter.decrypt(toStream(source));
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw new AppError('invalid', 'The file is damaged or was encrypted for another place.', {
          cause: error,
        });
      }
    },
    encryptedBytes: (bytes) => measured.size(bytes),
    nameOf: (sha256) =>
      createHmac('sha256', `tintype media names ${identity}`).update(sha256).digest('hex'),
  };
}

async function* noPieces(): AsyncGenerator<Uint8Array> {}

/** Nothing is read before it is asked for, and never more than one piece ahead. */
function toStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await pieces.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
