import type { Context } from '#base/context.ts';
import { listLocalIds } from '#domain/accounts/queries.ts';
import { correctPosts, correctReplies, findPostAfter } from './count-queries.ts';
import { correctReactions } from './react-queries.ts';

/** Posts that are looked at before the next request has its turn: some milliseconds. */
const AT_ONCE = 500;

/**
 * Compares the numbers of posts, comments, likes and boosts that are kept with what they count, sets what differs
 * right and answers how many those were: none is what should be. May run at any time and twice.
 */
export async function reconcilePosts(
  ctx: Pick<Context, 'db'>,
  signal?: AbortSignal,
): Promise<number> {
  let corrected = 0;
  for (const accountId of listLocalIds(ctx.db)) {
    if (correctPosts(ctx.db, accountId)) corrected += 1;
    await nextTurn(signal);
  }
  let after = 0;
  for (;;) {
    const until = findPostAfter(ctx.db, after, AT_ONCE);
    if (until === null) return corrected;
    corrected += correctReplies(ctx.db, { after, until });
    corrected += correctReactions(ctx.db, { after, until });
    after = until;
    await nextTurn(signal);
  }
}

async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await Bun.sleep(0);
}
