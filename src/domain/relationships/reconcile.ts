import type { Context } from '#base/context.ts';
import { listLocalIds } from '#domain/accounts/queries.ts';
import { correctFollows } from './queries.ts';

/**
 * Compares every account's numbers of followers and of those it follows with the follows themselves,
 * sets what differs right and answers how many accounts those were: none is what should be.
 */
export async function reconcileFollows(
  ctx: Pick<Context, 'db'>,
  signal?: AbortSignal,
): Promise<number> {
  let corrected = 0;
  for (const accountId of listLocalIds(ctx.db)) {
    signal?.throwIfAborted();
    if (correctFollows(ctx.db, accountId)) corrected += 1;
    await Bun.sleep(0);
  }
  return corrected;
}
