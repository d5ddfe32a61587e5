import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { deleteLike, deleteShare, findShare, listReactedIds } from './react-queries.ts';

const AT_ONCE = 100;

/**
 * Takes back the next likes and boosts of an account that goes, so that the numbers of the posts stay
 * exact; true when there are more. One call is short enough to keep the pages answering.
 */
export function dropReactions(ctx: Pick<Context, 'db'>, accountId: number): boolean {
  const ids = listReactedIds(ctx.db, accountId, AT_ONCE);
  transaction(ctx.db, () => {
    for (const postId of ids) {
      deleteLike(ctx.db, { accountId, postId });
      const share = findShare(ctx.db, { accountId, postId });
      if (share) deleteShare(ctx.db, share);
    }
  });
  return ids.length === AT_ONCE;
}
