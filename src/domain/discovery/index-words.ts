import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { indexNextWords } from './search-queries.ts';

const AT_ONCE = 200;

/** Writes the words of all posts for the search anew, a few at a time; may run twice. */
export async function indexAllWords(ctx: Context, signal: AbortSignal): Promise<void> {
  let after: number | null = 0;
  while (after !== null) {
    signal.throwIfAborted();
    const from: number = after;
    after = transaction(ctx.db, () => indexNextWords(ctx.db, from, AT_ONCE));
    await Bun.sleep(0);
  }
}
