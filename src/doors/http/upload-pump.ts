import type { Writable } from 'node:stream';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';

/** How slow an upload may be: so many bytes in every span of `everyMs`, and all of it within `deadlineMs`. */
export type Pace = { everyMs: number; leastBytes: number; deadlineMs: number };

/** Half a kilobyte a second is slower than any network that a photo could come through. */
export const usualPace: Pace = { everyMs: 30_000, leastBytes: 16_384, deadlineMs: 3_600_000 };

/** What ends an upload from the side: the first failure of anything that works along with it. */
export type Guard = {
  fail(error: unknown): void;
  /** Waits for one thing at a time; throws as soon as something failed. */
  wait<T>(work: Promise<T>): Promise<T>;
};

/**
 * Makes the guard of one upload. Not a `Promise.race` against a promise that lives as long as the
 * upload: that one would keep every piece that was ever waited for, the whole file in the end.
 */
export function createGuard(): Guard {
  let failure: { error: unknown } | null = null;
  let interrupt: ((error: unknown) => void) | null = null;
  return {
    fail: (error) => {
      failure ??= { error };
      interrupt?.(failure.error);
    },
    wait: async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await new Promise<T>((resolve, reject) => {
          interrupt = reject;
          if (failure !== null) reject(failure.error);
          work.then(resolve, reject);
        });
      } finally {
        interrupt = null;
      }
    },
  };
}

/**
 * Moves a request's body into a parser piece by piece, at the speed of whichever is slower, and waits
 * until the parser is done. Throws `too_large` as soon as too much came, `bad_request` if the client
 * goes away or dawdles, and whatever `guard` was told.
 */
export async function pumpBody(
  request: Request,
  parser: Writable,
  options: { maxBytes: number; pace: Pace; guard: Guard },
): Promise<void> {
  const body = request.body as ReadableStream<Uint8Array> | null;
  if (body === null) throw new AppError('bad_request', 'This request carries no form.');
  const { guard } = options;
  const reader = body.getReader();
  const finished = new Promise<void>((resolve) => {
    parser.once('finish', resolve);
  });
  const watch = watchPace(options.pace, guard.fail);
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await guard.wait(reader.read());
      if (done) break;
      bytes += value.byteLength;
      watch.count(value.byteLength);
      if (bytes > options.maxBytes) throw bodyTooLarge(options.maxBytes);
      await guard.wait(writePiece(parser, value));
    }
    parser.end();
    await guard.wait(finished);
  } catch (error) {
    parser.on('error', () => undefined);
    // What is still coming is of no interest; a failed cancel changes nothing about the answer.
    reader.cancel().catch(() => undefined);
    if (error instanceof Error && !isDisconnect(error)) throw error;
    throw new AppError('bad_request', 'The upload was broken off.', { cause: error });
  } finally {
    watch.end();
  }
}

/** The refusal of a body that is larger than all that a form may carry. */
export function bodyTooLarge(maxBytes: number): AppError {
  return new AppError(
    'too_large',
    `This upload is too large: ${formatBytes(maxBytes)} can be sent at once.`,
  );
}

function writePiece(parser: Writable, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    // An error reaches `failure`; here only the turn of the next piece counts.
    parser.write(buffer, () => resolve());
  });
}

function watchPace(pace: Pace, fail: (error: AppError) => void) {
  const stop = () =>
    fail(new AppError('bad_request', 'The upload came in too slowly. Please try again.'));
  let inSpan = 0;
  const span = setInterval(() => {
    if (inSpan < pace.leastBytes) stop();
    inSpan = 0;
  }, pace.everyMs);
  const deadline = setTimeout(stop, pace.deadlineMs);
  return {
    count: (bytes: number) => {
      inSpan += bytes;
    },
    end: () => {
      clearInterval(span);
      clearTimeout(deadline);
    },
  };
}

function isDisconnect(error: Error): boolean {
  return error.name === 'AbortError' || ('code' in error && error.code === 'ECONNRESET');
}
