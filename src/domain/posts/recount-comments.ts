import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { listAnsweredBy, recountReplies } from './count-queries.ts';

const AT_ONCE = 100;

/**
 * Counts the comments anew of all posts that an account commented on: it is hidden now, or shown
 * again. In steps that leave the pages time; may run twice.
 */
export async function recountComments(
  ctx: Pick<Context, 'db'>,
  accountId: number,
  signal?: AbortSignal,
): Promise<void> {
  let after = 0;
  for (;;) {
    signal?.throwIfAborted();
    const posts = listAnsweredBy(ctx.db, accountId, after, AT_ONCE);
    const parents = new Set(posts.flatMap(({ parentId }) => parentId ?? []));
    transaction(ctx.db, () => {
      for (const id of parents) recountReplies(ctx.db, id);
    });
    after = posts.at(-1)?.id ?? after;
    if (posts.length < AT_ONCE) return;
    await Bun.sleep(0);
  }
}
