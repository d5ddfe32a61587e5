import type { Context } from '#base/context.ts';
import { type Result, writeResults } from './write-results.ts';

/** Results share a commit, which takes as long as many deliveries: so many, or as many as come in so many milliseconds. */
const BATCH = 250;
const BATCH_TIME = 150;
const WRITE_AGAIN = 2_000;

export type Results = {
  /** Keeps one for the next commit; `last`: nothing else is on its way, so that is now. */
  add(result: Result, last: boolean): void;
  /** Writes what is there. What cannot be written (a full disk) stays, and is tried again. */
  write(): void;
  /** Leaves what cannot be written to the next start of the server. */
  end(): void;
};

/** How deliveries ended, on the way to the database. `written` hears of each commit. */
export function createResults(
  ctx: Context,
  random: () => number,
  written: (batch: readonly Result[]) => void,
): Results {
  let results: Result[] = [];
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const write = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (results.length === 0) return;
    const batch = results;
    try {
      writeResults(ctx, batch, random);
    } catch (error) {
      // What arrived must not be sent again because of it.
      ctx.log.error('Deliveries could not be written down.', { error });
      if (!ended) timer = setTimeout(write, WRITE_AGAIN);
      return;
    }
    results = results.slice(batch.length);
    written(batch);
  };
  return {
    add: (result, last) => {
      results.push(result);
      if (last || results.length >= BATCH) write();
      else timer ??= setTimeout(write, BATCH_TIME);
    },
    write,
    end: () => {
      ended = true;
      write();
    },
  };
}
