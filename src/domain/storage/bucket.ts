import type { Config } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import { perValue } from '#base/core/per-value.ts';
import { createTurns } from '#base/core/turns.ts';
import { type MediaBucket, openMediaBucket } from '#base/platform/media-bucket.ts';

const buckets = perValue((config: Config): { bucket: MediaBucket | null } => {
  const { s3, mediaBucket } = config;
  return { bucket: s3 === null || mediaBucket === null ? null : openMediaBucket(s3, mediaBucket) };
});

const turns = perValue((_config: Config) => createTurns(1, 10_000));

/** The bucket where photos live, or null if they live on the disk alone. */
export function mediaBucket(config: Config): MediaBucket | null {
  return config.mediaBucket === null ? null : buckets(config).bucket;
}

/** The same where there must be one. Throws `unavailable`. */
export function requireBucket(config: Config): MediaBucket {
  const bucket = mediaBucket(config);
  if (bucket !== null) return bucket;
  throw new AppError('unavailable', 'Photos lie in a bucket that is not set: media.bucket.');
}

/**
 * Does work that puts files into the bucket or decides that they go from it, one after the other: a
 * photo that goes out while another turn brings it home would end up nowhere.
 */
export async function takeBucketTurn<T>(config: Config, work: () => Promise<T>): Promise<T> {
  const turn = turns(config).take(work);
  if (turn !== null) return turn;
  throw new AppError('unavailable', 'Too much waits for the bucket already.', { retryAfter: 60 });
}
