import { open, rm } from 'node:fs/promises';
import { AppError } from '#base/core/errors.ts';
import type { MediaBucket } from '#base/platform/media-bucket.ts';
import type { Wanted } from './placed-queries.ts';

/** Milliseconds that we wait for a file at most, and for each hundred kilobytes of it. */
const LEAST = 20_000;
const EACH = 1_000;

/**
 * Copies a file from the bucket to a new path and hashes it on the way; on any failure nothing is left
 * there. Throws `not_found` if the bucket has it not, `invalid` if it is not what was stored,
 * `unavailable` if the store is down or too slow.
 */
export async function fetchFromBucket(
  bucket: MediaBucket,
  wanted: Wanted,
  path: string,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of readFromBucket(bucket, wanted)) {
      for (let done = 0; done < piece.byteLength; ) {
        done += (await file.write(piece, done)).bytesWritten;
      }
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** The bytes of a file of the bucket; throws at the end what `fetchFromBucket` throws. */
export async function* readFromBucket(
  bucket: MediaBucket,
  { name, bytes, sha256 }: Wanted,
): AsyncGenerator<Uint8Array> {
  const limit = LEAST + (bytes / 100_000) * EACH;
  const hash = new Bun.CryptoHasher('sha256');
  let seen = 0;
  // Only what the store takes counts, not what is done with the pieces.
  let waited = 0;
  const reader = (await bucket.open(name, null)).getReader();
  try {
    for (;;) {
      const begun = performance.now();
      const piece = await reader.read();
      waited += performance.now() - begun;
      if (waited > limit) throw new Error('it is too slow');
      if (piece.done) break;
      hash.update(piece.value);
      seen += piece.value.byteLength;
      if (seen > bytes) break;
      yield piece.value;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('unavailable', `The store with the photos broke off: ${why}.`, {
      cause: error,
      retryAfter: 15,
    });
  } finally {
    reader.cancel().catch(() => undefined);
  }
  if (seen !== bytes || hash.digest('hex') !== sha256) {
    throw new AppError('invalid', `${name} in the bucket is not what was uploaded.`);
  }
}
