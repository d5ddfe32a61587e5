import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { requireAdmin } from '#domain/accounts/actors.ts';
import type { Actor } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { updateHidden } from './hide-queries.ts';
import { findPost } from './queries.ts';

/** Takes a post out of everybody's sight but its author's, or shows it again. Throws `forbidden`, `not_found`. */
export function hidePost(ctx: Context, actor: Actor, postId: number, hidden: boolean): void {
  requireAdmin(actor);
  const accountId = transaction(ctx.db, () => {
    const post = findPost(ctx.db, postId);
    if (!post) throw new AppError('not_found', 'There is no such post.');
    updateHidden(ctx.db, postId, hidden ? ctx.now() : null);
    return post.accountId;
  });
  emitLive(ctx, 'post.edited', { postId, accountId });
}
