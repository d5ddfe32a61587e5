import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { requireAdmin } from '#domain/accounts/actors.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Actor } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { updateHidden } from './hide-queries.ts';
import { findPost } from './queries.ts';
import { tellGone } from './tell-gone.ts';

/**
 * Takes a post out of everybody's sight but its author's, or shows it again; other servers that got
 * it from here hear of both. Throws `forbidden`, `not_found`.
 */
export function hidePost(ctx: Context, actor: Actor, postId: number, hidden: boolean): void {
  requireAdmin(actor);
  const accountId = transaction(ctx.db, () => {
    const post = findPost(ctx.db, postId);
    if (!post) throw new AppError('not_found', 'There is no such post.');
    if (hidden === (post.hiddenAt !== null)) return post.accountId;
    updateHidden(ctx.db, postId, hidden ? ctx.now() : null);
    const author = findAccount(ctx.db, post.accountId);
    if (author?.domain !== null || post.archivedAt !== null) return post.accountId;
    if (hidden) tellGone(ctx, post, author.username);
    else federate(ctx, { what: 'post', postId, change: 'create' });
    return post.accountId;
  });
  emitLive(ctx, 'post.edited', { postId, accountId });
}
