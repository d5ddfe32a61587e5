import { existsSync } from 'node:fs';
import { AppError } from '#base/core/errors.ts';
import { mediaBucket } from '#domain/storage/bucket.ts';
import { fetchFromBucket } from '#domain/storage/fetch-from-bucket.ts';
import type { MediaWork, Out } from './out-types.ts';

/** Where a file of the bucket lies while it goes into the archive; one at a time. */
export function fetchedPath(out: Out): string {
  return out.scratch.path(' fetched');
}

/**
 * The path to read a file from: its own, or where it was fetched to if it is in the bucket alone. What
 * is gone or damaged there is a file that is not on the disk, as it would be without a bucket. Throws
 * `unavailable` if the store is down.
 */
export async function fetchPlaced(out: Out, item: MediaWork, path: string): Promise<string> {
  const bucket = mediaBucket(out.ctx.config);
  if (bucket === null || existsSync(path)) return path;
  const facts = await bucket.facts(item.blob);
  if (facts === null) return path;
  const wanted = { name: item.blob, bytes: facts.bytes, sha256: item.sha256 };
  const to = fetchedPath(out);
  try {
    await fetchFromBucket(bucket, wanted, to);
    return to;
  } catch (error) {
    if (error instanceof AppError && ['not_found', 'invalid'].includes(error.kind)) return path;
    throw error;
  }
}
