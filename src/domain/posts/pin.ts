import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLater } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { deleteFeatured, insertFeatured, isFeatured } from './react-queries.ts';
import { readReacting } from './reacting.ts';
import { isOpen } from './visibility.ts';

/** Posts at the top of one profile. */
const MOST_PINNED = 5;

/**
 * Puts a post to the top of its author's profile; true if that changed something. Throws `not_found`
 * for somebody else's, `invalid` for one that is not for others, a comment, or one too many; what a
 * remote account may not is left alone.
 */
export function pinPost(ctx: Context, accountId: number, postId: number): boolean {
  return transaction(ctx.db, () => {
    const reacting = readReacting(ctx, accountId, postId);
    if (!reacting) return false;
    const { post, isLocal } = reacting;
    const pair = { accountId, postId };
    if (isFeatured(ctx.db, pair)) return false;
    const problem = problemOf(post, accountId);
    if (problem !== null) {
      if (isLocal) throw problem;
      return false;
    }
    const row = { ...pair, now: ctx.now(), most: MOST_PINNED };
    if (!insertFeatured(ctx.db, row)) {
      if (!isLocal) return false;
      throw new AppError('invalid', `You can pin ${MOST_PINNED} posts at most.`);
    }
    if (isLocal && isOpen(post.visibility)) federate(ctx, { what: 'pin', ...pair });
    emitLater(ctx, 'account.changed', { accountId });
    return true;
  });
}

/** Takes a post from the top of its author's profile; true if it was there. */
export function unpinPost(ctx: Context, accountId: number, postId: number): boolean {
  return transaction(ctx.db, () => {
    if (!deleteFeatured(ctx.db, { accountId, postId })) return false;
    const reacting = readReacting(ctx, accountId, postId);
    if (reacting?.isLocal && isOpen(reacting.post.visibility)) {
      federate(ctx, { what: 'unpin', accountId, postId });
    }
    emitLater(ctx, 'account.changed', { accountId });
    return true;
  });
}

function problemOf(
  post: { accountId: number; visibility: string; inReplyToAccountId: number | null },
  accountId: number,
): AppError | null {
  if (post.accountId !== accountId) return new AppError('not_found', 'There is no such post.');
  if (post.visibility === 'self' || post.visibility === 'direct') {
    return new AppError('invalid', 'Only posts that others can see can be pinned.');
  }
  const isComment = post.inReplyToAccountId !== null && post.inReplyToAccountId !== accountId;
  return isComment ? new AppError('invalid', 'A comment cannot be pinned.') : null;
}
