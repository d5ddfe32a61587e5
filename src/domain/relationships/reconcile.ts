import type { Context } from '#base/context.ts';
import { correctFollows, listAccountIdsAfter } from './queries.ts';

const AT_ONCE = 100;

/**
 * Compares every account's numbers (of remote ones, what is known here) of followers and of those it follows with the follows themselves,
 * sets what differs right and answers how many accounts those were: none is what should be.
 */
export async function reconcileFollows(
  ctx: Pick<Context, 'db'>,
  signal?: AbortSignal,
): Promise<number> {
  let corrected = 0;
  let after = 0;
  for (;;) {
    signal?.throwIfAborted();
    const ids = listAccountIdsAfter(ctx.db, after, AT_ONCE);
    for (const accountId of ids) if (correctFollows(ctx.db, accountId)) corrected += 1;
    const last = ids.at(-1);
    if (last === undefined) return corrected;
    after = last;
    await Bun.sleep(0);
  }
}
