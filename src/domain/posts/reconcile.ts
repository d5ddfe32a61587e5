import type { Context } from '#base/context.ts';
import { listAccountIdsAfter } from '#domain/relationships/queries.ts';
import { correctPosts, correctReplies, findPostAfter } from './count-queries.ts';
import { correctReactions } from './react-queries.ts';

/** Posts that are looked at before the next request has its turn: some milliseconds. */
const AT_ONCE = 500;
const ACCOUNTS_AT_ONCE = 50;

/**
 * Compares the numbers of posts, comments, likes and boosts that are kept with what they count, sets what differs
 * right and answers how many those were: none is what should be. May run at any time and twice.
 */
export async function reconcilePosts(
  ctx: Pick<Context, 'db'>,
  signal?: AbortSignal,
): Promise<number> {
  let corrected = 0;
  let after = 0;
  for (;;) {
    const ids = listAccountIdsAfter(ctx.db, after, ACCOUNTS_AT_ONCE);
    for (const accountId of ids) if (correctPosts(ctx.db, accountId)) corrected += 1;
    const last = ids.at(-1);
    if (last === undefined) break;
    after = last;
    await nextTurn(signal);
  }
  after = 0;
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
