import type { Context } from '#base/context.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { federate } from '#domain/federate.ts';
import { requireAddressee } from './addressee.ts';
import { countPost, countReply, recountReplies } from './count-queries.ts';
import { countsAsReply, countsForAccount } from './counting.ts';
import { findPost, listMentionedIds, updateVisibility } from './queries.ts';
import type { PostRow } from './rows.ts';
import { tellGone } from './tell-gone.ts';
import { narrower, type Visibility } from './visibility.ts';

/**
 * Shows a post to others than before, with every number that depends on it; true if it was a change.
 * A comment stays within what it answers; comments on the post stay as their authors chose. Only
 * inside the caller's transaction.
 */
export function changeVisibility(ctx: Context, post: PostRow, wanted: Visibility): boolean {
  if (wanted === 'direct' && post.visibility !== 'direct') {
    requireAddressee(ctx, listMentionedIds(ctx.db, post.id), []);
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
  tellOthers(ctx, post, visibility);
  return true;
}

/** Who may not read the post any more loses it; who may from now on gets it. */
function tellOthers(ctx: Context, before: PostRow, visibility: Visibility): void {
  const author = findAccount(ctx.db, before.accountId);
  if (author === null || before.archivedAt !== null) return;
  if (narrower(before.visibility, visibility) === visibility) {
    tellGone(ctx, before, author.username);
  } else federate(ctx, { what: 'post', postId: before.id, change: 'create' });
}
