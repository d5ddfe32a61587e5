export type ErrorKind =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'invalid'
  | 'too_large'
  | 'unsupported_type'
  | 'too_many'
  | 'out_of_space'
  | 'unavailable';

/**
 * The one error type of the house: a kind (each door maps it to its own status), one sentence that
 * is safe to show to the person who asked, and the cause for the log.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly kind: ErrorKind;
  /** Field names with what is wrong with each, for forms; empty when the sentence says it all. */
  readonly fields: Readonly<Record<string, string>>;
  /** Seconds after which another try makes sense (`Retry-After`), if known. */
  readonly retryAfter: number | undefined;

  constructor(
    kind: ErrorKind,
    sentence: string,
    options: { cause?: unknown; fields?: Record<string, string>; retryAfter?: number } = {},
  ) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.fields = options.fields ?? {};
    this.retryAfter = options.retryAfter;
  }
}
