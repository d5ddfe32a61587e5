import type { Context } from '#base/context.ts';
import { type FetchAnswer, FetchError } from '#base/platform/fetch.ts';
import { originOf } from '#domain/origin.ts';
import { policyOf, ruleOf } from '#domain/policy/read-policy.ts';
import { rememberScheme } from '#doors/federation/remote/host-queries.ts';
import { signRequest } from '#doors/federation/signatures/sign.ts';
import type { DueDelivery, Scheme } from './delivery-queries.ts';
import { judgeAnswer, judgeFailure, type Verdict } from './judge.ts';

/** Bytes of an answer that are read: its status is what counts. */
const MAX_BYTES = 64 * 1024;

export type Letter = { delivery: DueDelivery; body: string; scheme: Scheme };

/**
 * Brings one activity to one inbox, signed by its author. A 401 is answered once with the other kind
 * of signature (double knock); a redirect is only followed if it says 307 or 308 and stays on the
 * same host (T41). Never throws: how it ended is the answer.
 */
export async function deliver(
  ctx: Context,
  letter: Letter,
  limits: { deadline: number; signal: AbortSignal },
): Promise<Verdict> {
  const { inbox, host } = letter.delivery;
  // What was right when the delivery was written may have changed since.
  if (host === new URL(originOf(ctx.config)).host) return refused('The inbox is our own.');
  if (policyOf(ctx, host) === 'blocked') {
    return ruleOf(ctx.db, host) === 'block' ? refused(`${host} is blocked here.`) : held(host);
  }
  try {
    let answer = await post(ctx, letter, inbox, letter.scheme, limits);
    const moved = readRedirect(answer, inbox);
    if (moved !== null) answer = await post(ctx, letter, moved, letter.scheme, limits);
    if (answer.status === 401) {
      const other: Scheme = letter.scheme === 'cavage' ? 'rfc9421' : 'cavage';
      const second = await post(ctx, letter, moved ?? inbox, other, limits);
      if (second.status !== 401) answer = second;
      if (second.status >= 200 && second.status < 300) rememberScheme(ctx.db, host, other);
    }
    return judgeAnswer(answer, ctx.now());
  } catch (error) {
    if (error instanceof FetchError) return judgeFailure(error);
    ctx.log.error('A delivery could not be tried.', { inbox, error });
    const text = error instanceof Error ? error.message : String(error);
    return { kind: 'again', host: 'fine', retryAfter: null, status: null, error: text };
  }
}

function post(
  ctx: Context,
  { delivery, body }: Letter,
  url: string,
  scheme: Scheme,
  { deadline, signal }: { deadline: number; signal: AbortSignal },
): Promise<FetchAnswer> {
  return ctx.fetch({
    url,
    method: 'POST',
    headers: (hop) =>
      signRequest(ctx, {
        accountId: delivery.accountId,
        keyId: delivery.keyId,
        method: 'POST',
        url: hop,
        body,
        scheme,
      }),
    body,
    maxBytes: MAX_BYTES,
    deadline,
    redirects: 0,
    signal,
  });
}

/** Where a redirect leads that keeps the method and the host; null for every other answer. */
function readRedirect({ status, headers }: FetchAnswer, inbox: string): string | null {
  if (status !== 307 && status !== 308) return null;
  const from = new URL(inbox);
  const to = URL.parse(headers.get('location') ?? '', inbox);
  return to !== null && to.host === from.host && to.protocol === from.protocol ? to.href : null;
}

/** Milliseconds until it is looked again whether a server is spoken with that has no rule of its own. */
export const HOLD = 10 * 60_000;

/** Nothing is sent for now: the allow list, or the whole of federation, may be off again in an hour. */
function held(host: string): Verdict {
  const error = `${host} is not spoken with at present.`;
  return { kind: 'held', retryAfter: HOLD, status: null, error };
}

function refused(error: string): Verdict {
  return { kind: 'never', status: null, error };
}
