import type { S3Config } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import {
  describeStoreError,
  isMissingObject,
  type ObjectStore,
  openObjectStore,
} from '#base/platform/object-store.ts';
import type { Store, StoreEntry } from './store.ts';

/** A folder of a bucket as a place of backups. */
export function openBucketStore(s3: S3Config, bucket: string, folder: string): Store {
  const objects = openObjectStore(s3, bucket, folder);
  const label = `s3:${bucket}${folder === '' ? '' : `/${folder}`}`;
  const tell = (error: unknown) => describe(label, error);
  const guard = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw tell(error);
    }
  };
  return {
    kind: 'bucket',
    label,
    list: (prefix) => listObjects(objects, prefix, tell),
    write: (path, source) => guard(objects.write(path, source)),
    link: () => Promise.resolve(false),
    read: (path) => readObject(objects, path, tell),
    size: (path) => guard(objects.size(path)),
    remove: (path) => guard(objects.remove(path)),
    settle: () => Promise.resolve(),
    // What is not finished does not show; buckets have rules of their own for unfinished uploads.
    tidy: () => Promise.resolve(),
    freeBytes: () => null,
    sharesDiskWith: () => false,
  };
}

async function* listObjects(
  objects: ObjectStore,
  prefix: string,
  tell: (error: unknown) => Error,
): AsyncGenerator<StoreEntry> {
  try {
    for await (const { key, bytes } of objects.list(prefix)) yield { path: key, bytes };
  } catch (error) {
    throw tell(error);
  }
}

async function* readObject(
  objects: ObjectStore,
  path: string,
  tell: (error: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  try {
    yield* objects.read(path);
  } catch (error) {
    if (isMissingObject(error)) throw new AppError('not_found', `${path} is not in the backup.`);
    throw tell(error);
  }
}

function describe(label: string, error: unknown): Error {
  if (error instanceof AppError) return error;
  return new AppError(
    'unavailable',
    `The store of ${label} did not do what it was asked: ${describeStoreError(error)}.`,
    { cause: error },
  );
}
