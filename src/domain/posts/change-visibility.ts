import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { countPost, countReply, recountReplies } from './count-queries.ts';
import { countsAsReply, countsForAccount } from './counting.ts';
import { findPost, updateVisibility } from './queries.ts';
import type { PostRow } from './rows.ts';
import { narrower, type Visibility } from './visibility.ts';

/**
 * Shows a post to others than before, with every number that depends on it; true if it was a change.
 * A comment stays within what it answers; comments on the post stay as their authors chose. Only
 * inside the caller's transaction.
 */
export function changeVisibility(ctx: Context, post: PostRow, wanted: Visibility): boolean {
  if (wanted === 'direct' && post.visibility !== 'direct') {
    throw new AppError('invalid', 'Messages to single people are not possible yet.');
  }
  const parent = post.inReplyToId === null ? null : findPost(ctx.db, post.inReplyToId);
  const visibility = parent ? narrower(wanted, parent.visibility) : wanted;
  if (visibility === post.visibility) return false;
  const changed = { ...post, visibility };
  updateVisibility(ctx.db, post.id, visibility);
  const counted = Number(countsForAccount(changed)) - Number(countsForAccount(post));
  if (counted === 1 || counted === -1) countPost(ctx.db, post.accountId, counted);
  if (parent) {
    const heard = Number(countsAsReply(changed, parent)) - Number(countsAsReply(post, parent));
    if (heard === 1 || heard === -1) countReply(ctx.db, parent.id, heard);
  }
  recountReplies(ctx.db, post.id);
  return true;
}
