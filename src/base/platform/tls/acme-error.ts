/** What an ACME server refused (RFC 8555 §6.7), or why it could not be asked. */
export class AcmeError extends Error {
  override readonly name = 'AcmeError';
  /** The last word of `urn:ietf:params:acme:error:…`; `unreachable` if there was no answer at all. */
  readonly type: string;
  /** Milliseconds since 1970 before which it does not want to be asked again, if it said so. */
  readonly retryAt: number | null;

  constructor(
    type: string,
    detail: string,
    options: { retryAt?: number | null; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.type = type;
    this.retryAt = options.retryAt ?? null;
  }
}

/** Reads a problem document of an ACME server; what is none becomes `unknown`. */
export function readProblem(body: unknown, retryAt: number | null, status: number): AcmeError {
  const problem = typeof body === 'object' && body !== null ? body : {};
  const type = 'type' in problem && typeof problem.type === 'string' ? problem.type : '';
  const detail = 'detail' in problem && typeof problem.detail === 'string' ? problem.detail : '';
  const word = type.startsWith('urn:ietf:params:acme:error:')
    ? type.slice(type.lastIndexOf(':') + 1)
    : status === 429
      ? 'rateLimited'
      : status >= 500
        ? 'serverInternal'
        : 'unknown';
  // Text of others: bounded, and on one line of the log.
  const text = (detail || `it answered ${status}`).replaceAll(/\s+/g, ' ').slice(0, 400);
  return new AcmeError(word, text, { retryAt: retryAt ?? readRetryTime(detail) });
}

/** Let's Encrypt says it in words: "retry after 2026-03-01 10:00:00 UTC". */
function readRetryTime(detail: string): number | null {
  const said = /retry after (\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(detail);
  const time = said ? Date.parse(`${said[1]}T${said[2]}Z`) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** Reads `Retry-After`: seconds or a date (RFC 9110 §10.2.3). */
export function readRetryAfter(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return now + Number(text) * 1000;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
