import { AppError } from '#base/core/errors.ts';

/**
 * Why there is no document: `gone` (404 or 410), `refused` (by our policy, or the other server wants
 * nothing of us), `unreachable` (worth another try), `invalid` (it is not what it says it is).
 */
export type DocumentFailure = 'gone' | 'refused' | 'unreachable' | 'invalid';

/**
 * Null for what will stay as it is; throws `unavailable` for a server that does not answer just now, so
 * that whoever can wait tries again. What is no `DocumentError` is thrown on.
 */
export function settleFailure(error: unknown): null {
  if (!(error instanceof DocumentError)) throw error;
  if (error.failure !== 'unreachable') return null;
  throw new AppError('unavailable', 'The other server does not answer just now.', {
    cause: error,
    retryAfter: 300,
  });
}

/** True for what `settleFailure` throws. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'unavailable';
}

/** A document of another server that could not be had; the message is for the log. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly failure: DocumentFailure;
  /** What the other server answered, if it answered. */
  readonly status: number | null;

  constructor(
    failure: DocumentFailure,
    message: string,
    options: { cause?: unknown; status?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.failure = failure;
    this.status = options.status ?? null;
  }
}
