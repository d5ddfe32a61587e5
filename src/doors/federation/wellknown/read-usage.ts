import type { Context } from '#base/context.ts';
import { countUsage, type Usage } from './usage-queries.ts';

/** Milliseconds that counts stay: crawlers ask often, and a number of people changes slowly. */
const KEPT = 10 * 60_000;

const kept = new WeakMap<Context, { usage: Usage; until: number }>();

/** How many people and posts there are here; true numbers that are at most ten minutes old. */
export function readUsage(ctx: Context): Usage {
  const now = ctx.now();
  let memory = kept.get(ctx);
  if (memory === undefined || memory.until <= now) {
    memory = { usage: countUsage(ctx.db, now), until: now + KEPT };
    kept.set(ctx, memory);
  }
  return memory.usage;
}
