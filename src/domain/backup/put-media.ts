import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import type { MediaBucket } from '#base/platform/media-bucket.ts';
import { readFromBucket } from '#domain/storage/fetch-from-bucket.ts';
import type { BackupPlace, Content } from './place.ts';

/** Where photos are read from: the data directory, and the bucket if they live in one. */
export type MediaSource = { data: string; bucket: MediaBucket | null };

/**
 * Copies one photo into a place, from the disk or straight from the bucket (nothing lies on the disk
 * in between), once for all of its names. False if it is missing or damaged wherever it lies. Throws
 * `unavailable` if the store with the photos is down.
 */
export async function putMedia(
  place: BackupPlace,
  { data, bucket }: MediaSource,
  content: Content & { path: string },
  names: readonly string[],
): Promise<boolean> {
  const { path, ...expected } = content;
  for (const name of names) {
    const local = localMediaPath(data, name);
    if (await isDone(place.put(path, local, { expected, link: true }))) return true;
  }
  if (bucket === null) return false;
  for (const name of names) {
    if (await isDone(place.putPieces(path, readFromBucket(bucket, { name, ...expected })))) {
      return true;
    }
  }
  return false;
}

/** Where a photo lies in a data directory. */
export function localMediaPath(data: string, name: string): string {
  return join(data, 'media/local', name.slice(0, 2), name);
}

async function isDone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind !== 'not_found' && error.kind !== 'invalid') throw error;
    return false;
  }
}
