import type { Context } from '#base/context.ts';
import type { JobWorker } from '#base/jobs/worker.ts';
import { isFederating } from '#domain/federate.ts';
import { policyOf, ruleOf } from '#domain/policy/read-policy.ts';
import { HOLD } from './deliver.ts';
import { type DueHost, findDueHosts, findNextRun } from './delivery-queries.ts';
import { createFlights, type FlightOptions } from './flights.ts';
import { holdDue } from './write-results.ts';

/** Milliseconds for one try, from the name to the answer (T44). */
const DEADLINE = 10_000;
/** Milliseconds after which a try no longer holds a place that others could have. */
const PATIENCE = 1_000;
const LONGEST_SLEEP = 60_000;
const READ_AGAIN = 5_000;

/**
 * Carries activities to the inboxes of other servers until they arrive or are given up. A delivery
 * stays `waiting` in its table until the answer is committed: what a crash interrupts is sent again,
 * and ids make the second copy harmless. Tests have other times.
 */
export function createCourier(ctx: Context, options: Partial<FlightOptions> = {}): JobWorker {
  const { deadline = DEADLINE, patience = PATIENCE, random = Math.random } = options;
  const ending = new AbortController();
  let started = false;
  let timer: ReturnType<typeof setTimeout> | null = null;

  /** Looks who has something due, and sends. */
  const look = (): void => {
    if (ending.signal.aborted || !isFederating(ctx)) return;
    flights.lines.join(readyHosts(ctx));
    flights.send();
  };
  const flights = createFlights(ctx, { deadline, patience, random }, () => {
    if (started) look();
  });
  const turn = (): void => {
    timer = null;
    if (!started) return;
    try {
      look();
      const next = findNextRun(ctx.db, ctx.now()) ?? Infinity;
      timer = setTimeout(turn, Math.max(5, Math.min(LONGEST_SLEEP, next - ctx.now())));
    } catch (error) {
      ctx.log.error('The deliveries could not be read.', { error });
      timer = setTimeout(turn, READ_AGAIN);
    }
  };
  const wake = (): void => {
    if (!started || ending.signal.aborted) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(turn, 0);
  };
  return {
    start: () => {
      started = true;
      wake();
    },
    wake,
    runDue: async () => {
      const before = flights.count();
      for (let sent = -1; sent !== flights.count(); ) {
        sent = flights.count();
        look();
        await flights.landed();
      }
      return flights.count() - before;
    },
    drain: async (timeout) => {
      if (timer !== null) clearTimeout(timer);
      started = false;
      flights.rest();
      const bound = AbortSignal.timeout(timeout);
      const late = new Promise((resolve) => bound.addEventListener('abort', resolve));
      await Promise.race([flights.landed(), late]);
      ending.abort();
      await flights.abort();
    },
  };
}

/** Servers that may be tried now; what is due for others waits with them. */
function readyHosts(ctx: Context): DueHost[] {
  const now = ctx.now();
  return findDueHosts(ctx.db, now).filter(({ host, retryAt }) => {
    const until =
      retryAt !== null && retryAt > now ? retryAt : isLeftOut(ctx, host) ? now + HOLD : 0;
    if (until === 0) return true;
    holdDue(ctx, host, until);
    return false;
  });
}

/** Not spoken with by the settings of the moment, which one statement holds back at once; a rule that blocks it is for `deliver`. */
function isLeftOut(ctx: Context, host: string): boolean {
  return policyOf(ctx, host) === 'blocked' && ruleOf(ctx.db, host) !== 'block';
}
