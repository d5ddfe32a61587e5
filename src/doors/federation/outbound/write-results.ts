import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import {
  abandonInbox,
  abandonOld,
  type DueDelivery,
  findTrouble,
  finishDelivery,
  listAccountsAt,
  noteSuccess,
  noteTrouble,
  postponeDelivery,
  postponeDue,
} from './delivery-queries.ts';
import { endFollowsOf } from './end-follows.ts';
import type { Verdict } from './judge.ts';
import { giveUp, isOver, pauseAfter, spreadOf } from './schedule.ts';

export type Result = { delivery: DueDelivery; verdict: Verdict };

/** So many texts in a row that a server cannot cope with, and it counts as down. */
const SHAKY = 5;
/** Rows that are changed in one go: a few milliseconds. The rest follows with the next look. */
const AT_ONCE = 2000;

/**
 * Writes how many deliveries ended in one commit. A server that is down is left alone for a while,
 * with everything that is due for it: one try at a time speaks for all.
 */
export function writeResults(
  ctx: Context,
  results: readonly Result[],
  random: () => number = Math.random,
): void {
  const now = ctx.now();
  transaction(ctx.db, () => {
    for (const [host, ofHost] of Map.groupBy(results, ({ delivery }) => delivery.host)) {
      const pausedUntil = writeHost(ctx, host, ofHost, random);
      for (const result of ofHost) writeOne(ctx, result, pausedUntil, random);
      if (pausedUntil > now) holdBack(ctx, host, pausedUntil, ofHost);
    }
  });
}

/** What a batch says about its server; gives until when it is left alone (0: it is not). */
function writeHost(
  ctx: Context,
  host: string,
  results: readonly Result[],
  random: () => number,
): number {
  const now = ctx.now();
  const verdicts = results.map(({ verdict }) => verdict);
  if (verdicts.some(({ kind }) => kind === 'delivered')) {
    noteSuccess(ctx.db, host, now);
    return 0;
  }
  const again = verdicts.filter((verdict) => verdict.kind === 'again');
  const asked = Math.max(0, ...again.map(({ retryAfter }) => retryAfter ?? 0));
  const troubled = again.some((verdict) => verdict.host !== 'fine');
  if (asked === 0 && !troubled) return 0;
  const { failures: before, retryAt } = findTrouble(ctx.db, host);
  // What was on its way when the breaker opened is the same failure once more.
  const same = retryAt !== null && retryAt > now;
  const failures = before + Number(troubled && !same);
  const down = again.some((verdict) => verdict.host === 'down') || failures >= SHAKY;
  const pause = Math.max(asked, down ? pauseAfter(failures, random) : 0);
  const until = same ? Math.max(retryAt, asked > 0 ? now + asked : 0) : now + pause;
  noteTrouble(ctx.db, { host, failures, retryAt: until > now ? until : null, now });
  return until > now ? until : 0;
}

function writeOne(
  ctx: Context,
  { delivery, verdict }: Result,
  pausedUntil: number,
  random: () => number,
): void {
  const now = ctx.now();
  const { id, inbox, attempts } = delivery;
  const { status, error, kind } = verdict;
  if (kind === 'held') {
    const runAt = now + verdict.retryAfter;
    postponeDelivery(ctx.db, { id, runAt, tried: 0, status, error, now });
    return;
  }
  if (kind === 'again' && !isOver(attempts + 1, delivery.firstTriedAt ?? now, now)) {
    const own = now + Math.max(verdict.retryAfter ?? 0, pauseAfter(attempts + 1, random));
    // While the server is left alone, its pause is the one that counts.
    const runAt =
      verdict.host === 'down' && pausedUntil > 0 ? pausedUntil : Math.max(own, pausedUntil);
    postponeDelivery(ctx.db, { id, runAt, tried: 1, status, error, now });
    return;
  }
  const state = kind === 'delivered' ? 'delivered' : 'given_up';
  finishDelivery(ctx.db, { id, state, status, error, now });
  if (kind === 'gone') {
    abandonInbox(ctx.db, { inbox, status, error, now });
    endFollowsOf(ctx, listAccountsAt(ctx.db, inbox));
  }
}

/** What else is due for a server in trouble waits with it, and counts as tried. */
function holdBack(ctx: Context, host: string, until: number, results: readonly Result[]): void {
  const now = ctx.now();
  const { status, error } = results.at(-1)?.verdict ?? { status: null, error: null };
  const later = { host, until, spread: spreadOf(until - now), tried: 1, status, error } as const;
  postponeDue(ctx.db, { ...later, now, limit: AT_ONCE });
  abandonOld(ctx.db, { host, tries: giveUp.tries, before: now - giveUp.after, now });
}

/** What fell due for a server while that is left alone waits on; it does not count as a try. */
export function holdDue(ctx: Context, host: string, until: number): void {
  const now = ctx.now();
  const none = { tried: 0, status: null, error: null } as const;
  const later = { host, until, spread: spreadOf(until - now), ...none };
  transaction(ctx.db, () => postponeDue(ctx.db, { ...later, now, limit: AT_ONCE }));
}
