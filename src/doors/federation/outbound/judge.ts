import type { FetchAnswer, FetchError } from '#base/platform/fetch.ts';
import { readRetryAfter } from './schedule.ts';

/**
 * How a try ended. `again`: later; `host` says whether the whole server is in trouble (`down`), may
 * be (`shaky`: one more text it cannot cope with) or is not (`fine`). `held`: it was not even tried.
 */
export type Verdict = { status: number | null; error: string | null } & (
  | { kind: 'delivered' }
  | { kind: 'again'; host: 'down' | 'shaky' | 'fine'; retryAfter: number | null }
  | { kind: 'held'; retryAfter: number }
  | { kind: 'never' }
  /** Nobody is behind this inbox any more. */
  | { kind: 'gone' }
);

/** Statuses below 500 that may be another by the next try. */
const PASSING = new Set([401, 404, 408, 425, 429]);
/** A proxy speaks for a server that is down. */
const DOWN = new Set([502, 503, 504]);
const LONGEST_ERROR = 300;

/** What an answer means for a delivery. `now` is milliseconds since 1970. */
export function judgeAnswer(answer: FetchAnswer, now: number): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', status, error: null };
  const error = wordsOf(answer);
  if (status === 410) return { kind: 'gone', status, error };
  if (status >= 400 && status < 500 && !PASSING.has(status)) {
    return { kind: 'never', status, error };
  }
  const waits = status === 429 || status === 503;
  const retryAfter = waits ? readRetryAfter(answer.headers.get('retry-after'), now) : null;
  const host = DOWN.has(status) ? 'down' : status >= 500 ? 'shaky' : 'fine';
  return { kind: 'again', host, retryAfter, status, error };
}

/** What it means that there is no answer. */
export function judgeFailure(failure: FetchError): Verdict {
  const error = failure.message.slice(0, LONGEST_ERROR);
  if (failure.failure === 'bad_url') return { kind: 'never', status: null, error };
  if (failure.failure === 'too_many') {
    return { kind: 'held', retryAfter: failure.retryAfter ?? 1_000, status: null, error };
  }
  return { kind: 'again', host: 'down', retryAfter: null, status: null, error };
}

/** The status and the first words of an answer, for the person whose delivery it is; control characters out. */
function wordsOf({ status, headers, body }: FetchAnswer): string {
  const location = headers.get('location');
  if (status >= 300 && status < 400) return `The answer was ${status} to ${location ?? 'nowhere'}.`;
  const type = headers.get('content-type') ?? '';
  const text = /json|text\/plain/.test(type)
    ? new TextDecoder().decode(body.subarray(0, 2000))
    : '';
  const words = text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return `The answer was ${status}${words === '' ? '.' : `: ${words}`}`.slice(0, LONGEST_ERROR);
}
