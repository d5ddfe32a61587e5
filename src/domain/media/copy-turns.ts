import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { perValue } from '#base/core/per-value.ts';
import { createTurns, type Turns } from '#base/core/turns.ts';

/** Copies at the same time, each with its file in memory; from one host fewer, so that a slow one holds up only itself. */
const AT_ONCE = 3;
const AT_ONCE_OF_HOST = 2;
const MOST_WAITING = 100;
const MOST_WAITING_OF_HOST = 40;
/** A host that hung so often in a row is left alone for a while (T44). */
const STRIKES = 3;
const REST = 5 * 60_000;
const MOST_HOSTS = 2000;

type Desk = {
  all: Turns;
  hosts: Map<string, Turns>;
  strikes: Map<string, { count: number; until: number }>;
};

const desks = perValue(
  (_ctx: Context): Desk => ({
    all: createTurns(AT_ONCE, MOST_WAITING),
    hosts: new Map(),
    strikes: new Map(),
  }),
);

/**
 * Does a copy when its turn comes, first among those of its host, then among all. Null, at once, when
 * too many wait.
 */
export function takeCopyTurn<T>(
  ctx: Context,
  host: string,
  work: () => Promise<T>,
): Promise<T> | null {
  const { all, hosts } = desks(ctx);
  if (all.size() >= AT_ONCE + MOST_WAITING) return null;
  const turns = hosts.get(host) ?? createTurns(AT_ONCE_OF_HOST, MOST_WAITING_OF_HOST);
  hosts.set(host, turns);
  const turn = turns.take(() => all.take(work) ?? Promise.reject(tooMuch()));
  return (
    turn?.finally(() => {
      if (turns.size() === 0) hosts.delete(host);
    }) ?? null
  );
}

function tooMuch(): AppError {
  return new AppError('unavailable', 'Too many pictures are being fetched just now.', {
    retryAfter: 30,
  });
}

/** True while nothing is fetched from a host because it hung too often. */
export function isResting(ctx: Context, host: string): boolean {
  const strike = desks(ctx).strikes.get(host);
  return strike !== undefined && strike.count >= STRIKES && strike.until > ctx.now();
}

/** Notes how a copy from a host ended. */
export function noteHost(ctx: Context, host: string, hung: boolean): void {
  const { strikes } = desks(ctx);
  const count = hung ? (strikes.get(host)?.count ?? 0) + 1 : 0;
  strikes.delete(host);
  if (count > 0) strikes.set(host, { count, until: ctx.now() + REST });
  for (const oldest of strikes.keys()) {
    if (strikes.size <= MOST_HOSTS) break;
    strikes.delete(oldest);
  }
}
