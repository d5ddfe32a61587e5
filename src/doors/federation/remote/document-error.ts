/**
 * Why there is no document: `gone` (404 or 410), `refused` (by our policy, or the other server wants
 * nothing of us), `unreachable` (worth another try), `invalid` (it is not what it says it is).
 */
export type DocumentFailure = 'gone' | 'refused' | 'unreachable' | 'invalid';

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
