import type { Context } from '#base/context.ts';
import { countFreePages, emptyLog, optimizeStatistics, releasePages } from './queries.ts';

// Some 4 MB at a time, so that no page waits for the whole.
const PAGES_AT_ONCE = 1000;

/** The nightly care of the database in steps between which requests are answered; says what it did. */
export async function tendDatabase(ctx: Pick<Context, 'db'>, signal: AbortSignal): Promise<string> {
  optimizeStatistics(ctx.db);
  const before = countFreePages(ctx.db);
  let left = before;
  while (left > 0) {
    await Bun.sleep(5);
    signal.throwIfAborted();
    releasePages(ctx.db, PAGES_AT_ONCE);
    const now = countFreePages(ctx.db);
    if (now >= left) break;
    left = now;
  }
  const emptied = emptyLog(ctx.db);
  return `${before - left} free pages given back, log ${emptied ? 'emptied' : 'in use'}`;
}
