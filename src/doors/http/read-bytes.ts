import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';

/** A body of this kind that takes longer is somebody holding a door open (milliseconds). */
const DEADLINE_MS = 30_000;

/**
 * Reads a whole body, counting while it comes in: more than `most` bytes is refused (`too_large`)
 * before the rest arrives, a `Content-Length` that says so before anything does.
 */
export async function readBytes(
  request: Request,
  most: number,
  deadlineMs = DEADLINE_MS,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > most) throw tooLarge(most);
  if (request.body === null) return new Uint8Array(0);
  const reader = request.body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new AppError('bad_request', 'The request took too long to arrive.'));
  }, deadlineMs);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) break;
      size += value.byteLength;
      if (size > most) throw tooLarge(most);
      chunks.push(value);
    }
  } catch (error) {
    // What is still coming is of no interest; a failed cancel changes nothing about the answer.
    reader.cancel().catch(() => undefined);
    if (error instanceof AppError) throw error;
    throw new AppError('bad_request', 'The request ended before it was complete.', {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
  const [first] = chunks;
  return chunks.length === 1 && first ? first : new Uint8Array(Buffer.concat(chunks));
}

function tooLarge(most: number): AppError {
  return new AppError('too_large', `The request is larger than ${formatBytes(most)}.`);
}
