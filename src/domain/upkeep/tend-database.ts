import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import {
  countFreePages,
  emptyLog,
  isReplicated,
  optimizeStatistics,
  releasePages,
  shortenLog,
} from './queries.ts';

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
  return `${before - left} free pages given back, log ${tendLog(ctx.db)}`;
}

// Litestream reads the log all the time and decides itself when it starts anew; waiting for that would
// stop every page for as long as the database waits for a lock.
function tendLog(db: Database): string {
  if (isReplicated(db)) {
    shortenLog(db);
    return 'left to Litestream';
  }
  return emptyLog(db) ? 'emptied' : 'in use';
}
