import type { Context } from '#base/context.ts';
import { emitLater } from '#domain/emit-live.ts';
import { fileDirect } from './file-direct.ts';
import { readCaption } from './index-words.ts';
import { findPost, listMentionedIds, replaceMentions, updateCaptionHtml } from './queries.ts';

/**
 * Links people in the caption of a local post who are known by now, and writes them to its mentions;
 * gives the ids of those that are new. It is no edit: what was typed stays. Only inside the caller's
 * transaction.
 */
export function linkMentions(ctx: Context, postId: number): number[] {
  const post = findPost(ctx.db, postId);
  if (post === null || post.uri !== null) return [];
  const before = listMentionedIds(ctx.db, postId);
  const caption = readCaption(ctx, post.caption);
  const now = caption.mentioned.map(({ id }) => id).filter((id) => id !== post.accountId);
  const added = now.filter((id) => !before.includes(id));
  if (added.length === 0) return [];
  updateCaptionHtml(ctx.db, postId, caption.html);
  // An API client may have named people beside the caption: those stay.
  replaceMentions(ctx.db, postId, [...new Set([...before, ...now])]);
  fileDirect(ctx, postId);
  emitLater(ctx, 'post.edited', { postId, accountId: post.accountId });
  return added;
}
