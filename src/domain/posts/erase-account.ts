import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLive } from '#domain/emit-live.ts';
import { erasePost } from './delete.ts';
import { listOwnIds } from './queries.ts';

const AT_ONCE = 50;

/**
 * Deletes the next posts of an account that goes, with photos and counters; true when there are
 * more. One call is short enough to keep the pages answering; call again in the next turn.
 */
export function erasePostsOf(ctx: Context, accountId: number): boolean {
  const ids = listOwnIds(ctx.db, accountId, AT_ONCE);
  transaction(ctx.db, () => {
    for (const id of ids) erasePost(ctx, id);
  });
  for (const postId of ids) emitLive(ctx, 'post.deleted', { postId, accountId });
  return ids.length === AT_ONCE;
}
