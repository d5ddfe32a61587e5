import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { requireBucket } from '#domain/storage/bucket.ts';
import { noteLocalUse } from '#domain/storage/local-copies.ts';
import { localMedia } from '#domain/storage/local-media.ts';
import type { MediaFile } from './media-decisions.ts';
import { planAnswer, respondFile } from './media-response.ts';

/** Bytes of the largest file that a look at it brings to the disk: every rendition, few originals. */
const WORTH_KEEPING = 8_000_000;
/** Milliseconds that somebody waits for it; it comes all the same. */
const PATIENCE = 8_000;

/**
 * Answers with a stored file, wherever it lies; whoever calls has decided that the caller may have it.
 * What is only in the bucket comes to the disk first, checked against its hash, and is served from
 * there; large files and what finds no room are passed on as they come. Nobody is ever sent to the
 * store itself. Throws `unavailable` (503 with Retry-After) when the store is down or slow.
 */
export function respondMedia(
  ctx: Context,
  request: Request,
  file: MediaFile,
  headers: Headers,
): Promise<Response> | Response {
  if (ctx.config.mediaBucket === null) return respondFile(request, file, headers);
  if (!file.isLocal) return respondPlaced(ctx, request, file, headers);
  noteLocalUse(ctx, file.blob.name);
  return respondFile(request, file, headers);
}

async function respondPlaced(
  ctx: Context,
  request: Request,
  file: MediaFile,
  shared: Headers,
): Promise<Response> {
  const { status, headers, bytes } = planAnswer(request, file.blob.bytes, shared);
  if (bytes === null) return new Response(null, { status, headers });
  if (await bringHere(ctx, file)) return respondFile(request, file, shared);
  const range = bytes === 'all' ? null : bytes;
  try {
    const body = await requireBucket(ctx.config).open(file.blob.name, range);
    return new Response(body, { status, headers });
  } catch (error) {
    throw toUnavailable(ctx, file, error);
  }
}

/** True once the file lies on the disk; false where it should be passed on instead. */
async function bringHere(ctx: Context, file: MediaFile): Promise<boolean> {
  const { name, bytes } = file.blob;
  if (bytes > WORTH_KEEPING) return false;
  try {
    await waitFor(localMedia(ctx, name));
    return true;
  } catch (error) {
    if (error instanceof AppError && error.kind === 'out_of_space') return false;
    throw toUnavailable(ctx, file, error);
  }
}

/** Strangers need not hear which store it is and what it said. */
function toUnavailable(ctx: Context, { blob }: MediaFile, error: unknown): AppError {
  const kind = error instanceof AppError ? error.kind : null;
  if (kind !== 'unavailable') {
    ctx.log.error('A photo cannot be had from the bucket.', { file: blob.name, error });
  }
  return new AppError(
    'unavailable',
    'This photo cannot be shown just now. Please try again soon.',
    {
      cause: error,
      retryAfter: (error instanceof AppError ? error.retryAfter : undefined) ?? 15,
    },
  );
}

async function waitFor<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const sentence = 'This photo is still on its way.';
    timer = setTimeout(
      () => reject(new AppError('unavailable', sentence, { retryAfter: 5 })),
      PATIENCE,
    );
  });
  // Who gave up does not hear how it ended.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
