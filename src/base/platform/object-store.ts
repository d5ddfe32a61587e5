import { S3Client } from 'bun';
import type { S3Config } from '#base/config/config.ts';

/** One object: its key below the folder, and its bytes. */
export type StoredObject = { key: string; bytes: number };

/** A folder of a bucket of an S3-compatible store. Everything throws what the store said (`describeStoreError`). */
export type ObjectStore = {
  /** Every object whose key begins so, in the order of keys, a page at a time. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Stores an object from pieces, in parts when it is large; it appears at the end or not at all. */
  write(key: string, source: AsyncIterable<Uint8Array>): Promise<void>;
  /** The bytes of an object in pieces; throws at the first one if there is none. */
  read(key: string): AsyncIterable<Uint8Array>;
  /** Bytes of an object, or null if there is none. */
  size(key: string): Promise<number | null>;
  /** Removes an object; a missing one is no error. */
  remove(key: string): Promise<void>;
};

const PART = 5 * 1024 * 1024;

/** The way to a folder (without slashes at its ends, may be empty) of a bucket. */
export function openObjectStore(s3: S3Config, bucket: string, folder: string): ObjectStore {
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    accessKeyId: s3.accessKey,
    secretAccessKey: s3.secretKey,
    bucket,
  });
  const keyOf = (key: string) => (folder === '' ? key : `${folder}/${key}`);
  const shortKey = (key: string) => (folder === '' ? key : key.slice(folder.length + 1));
  return {
    list: (prefix) => listObjects(client, keyOf(prefix), shortKey),
    write: (key, source) => writeObject(client, keyOf(key), source),
    read: (key) => readObject(client, keyOf(key)),
    size: async (key) => {
      try {
        return (await client.stat(keyOf(key))).size;
      } catch (error) {
        if (isMissingObject(error)) return null;
        // An answer without a body says nothing of why; the same refusal of a list does.
        if (codeOf(error) === 'UnknownError') await client.list({ prefix: keyOf(key), maxKeys: 1 });
        throw error;
      }
    },
    remove: async (key) => {
      await client.delete(keyOf(key)).catch((error: unknown) => {
        if (!isMissingObject(error)) throw error;
      });
    },
  };
}

/** True when a store said that there is no such object. */
export function isMissingObject(error: unknown): boolean {
  return /^(NoSuchKey|NotFound|UnknownError404)$/.test(codeOf(error));
}

/** What a store complained about, for people: never with a secret in it. */
export function describeStoreError(error: unknown): string {
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'NoSuchBucket') return 'there is no such bucket';
  if (/^(InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied)$/.test(code)) {
    return 'it does not accept our access key, secret or rights';
  }
  if (/ConnectionRefused|FailedToOpenSocket|Unable to connect/.test(code + text)) {
    return 'it cannot be reached';
  }
  return text === '' ? code : text;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function* listObjects(
  client: S3Client,
  prefix: string,
  shortKey: (key: string) => string,
): AsyncGenerator<StoredObject> {
  let next: { continuationToken?: string } = {};
  for (;;) {
    const page = await client.list({ prefix, ...next });
    for (const each of page.contents ?? []) {
      yield { key: shortKey(each.key), bytes: each.size ?? 0 };
    }
    if (page.isTruncated !== true || page.nextContinuationToken === undefined) return;
    next = { continuationToken: page.nextContinuationToken };
  }
}

async function writeObject(
  client: S3Client,
  key: string,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  // What fits into one part is one request, which appears whole or not at all.
  const pieces: Uint8Array[] = [];
  let held = 0;
  let writer: ReturnType<ReturnType<S3Client['file']>['writer']> | null = null;
  for await (const piece of source) {
    if (writer === null) {
      pieces.push(piece);
      held += piece.byteLength;
      if (held < PART) continue;
      writer = client.file(key).writer({ partSize: PART, queueSize: 2, retry: 3 });
      for (const each of pieces.splice(0)) writer.write(each);
    } else {
      writer.write(piece);
    }
    await writer.flush();
  }
  if (writer === null) await client.write(key, new Blob(pieces as Uint8Array<ArrayBuffer>[]));
  else await writer.end();
}

async function* readObject(client: S3Client, key: string): AsyncGenerator<Uint8Array> {
  // A stream of a missing object would only say that it broke.
  if ((await client.stat(key)).size === 0) return;
  yield* client.file(key).stream();
}
