import type { Context } from '#base/context.ts';
import { fileMessage, withdrawMessage } from '#domain/messages/file-message.ts';
import { findPost, listMentionedIds } from './queries.ts';
import type { PostRow } from './rows.ts';
import type { Visibility } from './visibility.ts';

/** Puts a direct post into the conversations of its people, and takes any other out; only inside the caller's transaction. */
export function fileDirect(ctx: Context, postId: number): void {
  const post = findPost(ctx.db, postId);
  if (post?.visibility === 'direct') {
    const addresseeIds = listMentionedIds(ctx.db, postId);
    fileMessage(ctx, { postId, authorId: post.accountId, addresseeIds });
  } else withdrawMessage(ctx, postId);
}

/** Whom a post is for: an answer to a message is for who wrote that, named or not. */
export function addressedIds(
  mentionedIds: readonly number[],
  visibility: Visibility,
  answered: Pick<PostRow, 'accountId'>['accountId'] | null | undefined,
  authorId: number,
): number[] {
  const implied = visibility === 'direct' && answered ? [answered] : [];
  return [...new Set([...mentionedIds, ...implied])].filter((id) => id !== authorId);
}
