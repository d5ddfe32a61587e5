import { S3Client } from 'bun';
import type { S3Config } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import { describeStoreError, type ObjectStore, openObjectStore } from './object-store.ts';

/** What a store says of an object. */
export type ObjectFacts = { bytes: number; etag: string };

/** One object of a list; `changedAt` in milliseconds since 1970. */
export type ListedObject = { name: string; bytes: number; changedAt: number };

/** Both ends inclusive. */
export type ByteRange = { start: number; end: number };

/**
 * The folder of a bucket where photos live: `media/ab/abcd….jpg` below it. Every request has an end:
 * what the store does not begin to answer, or stops to say, throws `unavailable`; it is then left
 * alone for some seconds, so that whoever asks meanwhile hears the same at once.
 */
export type MediaBucket = {
  /** `bucket` or `bucket/folder`, as it is set. */
  readonly label: string;
  facts(name: string): Promise<ObjectFacts | null>;
  /** The bytes, or a part of them; throws `not_found`. Whoever stops reading cancels it. */
  open(name: string, range: ByteRange | null): Promise<ReadableStream<Uint8Array>>;
  /** Stores what fits into one request. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Stores more than that, in parts; it appears at the end or not at all. */
  putParts(name: string, source: AsyncIterable<Uint8Array>): Promise<void>;
  /** Removes an object; a missing one is no error. */
  remove(name: string): Promise<void>;
  /** At most a thousand objects after a name, in the order of names; fewer: it was the end. */
  list(after: string): Promise<ListedObject[]>;
  /** A small text beside the photos, or null. */
  readNote(key: string): Promise<string | null>;
  writeNote(key: string, text: string): Promise<void>;
};

/** Milliseconds until the store must have begun to answer, and that it may be silent in an answer. */
export type StoreLimits = { answer: number; silence: number; upload: number; rest: number };

const LIMITS: StoreLimits = {
  answer: 5_000,
  silence: 10_000,
  // A home sends a megabit a second: five megabytes take most of a minute.
  upload: 300_000,
  rest: 5_000,
};
const LARGEST_UPLOAD = 30 * 60_000;
const SIGNED_FOR = 3_600;
/** Objects of a page of a list. */
export const LIST_PAGE = 1000;
const NOTE_BYTES = 10_000;

/** Opens the folder of the bucket that is set; nothing is asked of the store yet. */
export function openMediaBucket(
  s3: S3Config,
  place: { bucket: string; folder: string },
  limits: StoreLimits = LIMITS,
): MediaBucket {
  const { bucket, folder } = place;
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    accessKeyId: s3.accessKey,
    secretAccessKey: s3.secretKey,
    bucket,
  });
  const label = folder === '' ? bucket : `${bucket}/${folder}`;
  const base = folder === '' ? '' : `${folder}/`;
  const guard = createGuard(label, limits.rest);
  const { ask, send, read } = createRequests(client, limits);
  const keyOf = (name: string) => `${base}media/${name.slice(0, 2)}/${name}`;
  const objects: ObjectStore = openObjectStore(s3, bucket, folder);
  return {
    label,
    facts: (name) =>
      guard(async () => {
        const signal = AbortSignal.timeout(limits.answer);
        const answer = await ask('HEAD', keyOf(name), { signal });
        if (answer.status === 404) return null;
        await refuse(answer);
        return {
          bytes: Number(answer.headers.get('content-length')),
          etag: (answer.headers.get('etag') ?? '').replaceAll('"', '').toLowerCase(),
        };
      }),
    open: (name, range) => guard(() => read(keyOf(name), range)),
    put: (name, bytes) => guard(() => send(keyOf(name), bytes)),
    putParts: (name, source) => {
      const key = `media/${name.slice(0, 2)}/${name}`;
      return guard(() => within(objects.write(key, source), LARGEST_UPLOAD));
    },
    remove: (name) =>
      guard(async () => {
        const signal = AbortSignal.timeout(limits.answer);
        const answer = await ask('DELETE', keyOf(name), { signal });
        if (answer.status !== 404) await refuse(answer);
      }),
    list: (after) =>
      guard(async () => {
        const prefix = `${base}media/`;
        const from = after === '' ? {} : { startAfter: keyOf(after) };
        const asked = client.list({ prefix, maxKeys: LIST_PAGE, ...from });
        const page = await within(asked, limits.answer * 4);
        return (page.contents ?? []).map(({ key, size, lastModified }) => ({
          name: key.slice(key.lastIndexOf('/') + 1),
          bytes: size ?? 0,
          changedAt: Date.parse(String(lastModified ?? '')) || 0,
        }));
      }),
    readNote: async (key) => {
      try {
        return await readText(await guard(() => read(`${base}${key}`, null)));
      } catch (error) {
        if (error instanceof AppError && error.kind === 'not_found') return null;
        throw error;
      }
    },
    writeNote: (key, text) => guard(() => send(`${base}${key}`, new TextEncoder().encode(text))),
  };
}

/** The requests themselves, each with its end; they throw what the store said. */
function createRequests(client: S3Client, limits: StoreLimits) {
  const ask = (method: Method, key: string, init: RequestInit = {}) =>
    fetch(client.presign(key, { method, expiresIn: SIGNED_FOR }), {
      method,
      redirect: 'manual',
      ...init,
    });
  const send = async (key: string, bytes: Uint8Array): Promise<void> => {
    const body = new Blob([bytes as Uint8Array<ArrayBuffer>]);
    const answer = await ask('PUT', key, { body, signal: AbortSignal.timeout(limits.upload) });
    await refuse(answer);
    await answer.body?.cancel();
  };
  const read = async (key: string, range: ByteRange | null) => {
    const abort = new AbortController();
    const headers: Record<string, string> =
      range === null ? {} : { range: `bytes=${range.start}-${range.end}` };
    const late = setTimeout(() => abort.abort(new Error('it does not answer')), limits.answer);
    try {
      const answer = await ask('GET', key, { headers, signal: abort.signal });
      await refuse(answer);
      if (range !== null && answer.status !== 206) throw new Error('it knows no parts of files');
      return watch(answer.body, limits.silence, abort);
    } finally {
      clearTimeout(late);
    }
  };
  return { ask, send, read };
}

type Method = 'GET' | 'HEAD' | 'PUT' | 'DELETE';

/** Seconds after which somebody who was sent away may try again. */
const RETRY_AFTER = 15;

function createGuard(label: string, rest: number) {
  let restsUntil = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (performance.now() < restsUntil) throw down(label, 'it did not answer a moment ago');
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (!(error instanceof StoreRefusal)) restsUntil = performance.now() + rest;
      throw down(label, describeStoreError(error), error);
    }
  };
}

function down(label: string, why: string, cause?: unknown): AppError {
  return new AppError(
    'unavailable',
    `The store with the photos (${label}) did not do what it was asked: ${why}.`,
    { retryAfter: RETRY_AFTER, cause: cause ?? why },
  );
}

/** It answers, but not what was asked for: no reason to leave it alone. */
class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

async function refuse(answer: Response): Promise<void> {
  if (answer.ok) return;
  const text = (await readText(answer.body)).slice(0, 2000);
  const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] ?? '';
  if (answer.status === 404 && code !== 'NoSuchBucket') {
    throw new AppError('not_found', 'This file is not in the bucket.');
  }
  const message = `it answered ${answer.status}${code === '' ? '' : ` (${code})`}`;
  // 5xx and 429 are how a store says that it is not well.
  if (answer.status >= 500 || answer.status === 429) throw new Error(message);
  throw new StoreRefusal(code, message);
}

async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  if (body === null) return '';
  for await (const piece of body) {
    parts.push(piece);
    bytes += piece.byteLength;
    if (bytes > NOTE_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Passes pieces on as they are asked for, and ends with an error when none comes for a while. */
function watch(
  body: ReadableStream<Uint8Array> | null,
  silence: number,
  abort: AbortController,
): ReadableStream<Uint8Array> {
  const reader = body?.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const late = setTimeout(() => abort.abort(new Error('it fell silent')), silence);
        try {
          const piece = await reader?.read();
          if (piece === undefined || piece.done) controller.close();
          else controller.enqueue(piece.value);
        } catch (error) {
          controller.error(error);
        } finally {
          clearTimeout(late);
        }
      },
      cancel: () => {
        abort.abort();
      },
    },
    { highWaterMark: 1 },
  );
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let late: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error('it does not answer')), milliseconds);
  });
  // Nobody hears any more how it ended.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(late);
  }
}
