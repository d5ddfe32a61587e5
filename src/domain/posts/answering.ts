import type { Context } from '#base/context.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { originOf } from '#domain/origin.ts';
import { readPostByUri } from './find-by-uri.ts';
import { mayReact } from './interactions.ts';
import { readPostsByIds } from './reading.ts';
import type { RemotePost } from './remote-types.ts';
import type { PostRow } from './rows.ts';
import { narrower, type Visibility } from './visibility.ts';

/** Where a comment of another server belongs. */
export type Answering = {
  /** null: a post of its own, or one whose parent is not here. */
  parent: PostRow | null;
  /** 0: it answers something that is not here. */
  parentAccountId: number | null;
  audienceId: number;
  visibility: Visibility;
};

/**
 * What a remote post answers; null if it must not: comments are off, or it answers a post of this
 * server that its author cannot see or that is not there.
 */
export function readAnswering(
  ctx: Context,
  post: Pick<RemotePost, 'accountId' | 'inReplyToUri' | 'visibility'>,
): Answering | null {
  const alone = { parent: null, audienceId: post.accountId, visibility: post.visibility };
  if (post.inReplyToUri === null) return { ...alone, parentAccountId: null };
  const parent = readPostByUri(ctx, post.inReplyToUri);
  if (!parent && post.inReplyToUri.startsWith(`${originOf(ctx.config)}/`)) return null;
  if (!parent) return { ...alone, parentAccountId: 0 };
  if (!mayAnswer(ctx, post.accountId, parent)) return null;
  return { parent, parentAccountId: parent.accountId, ...placeBelow(post, parent) };
}

/** Who sees a comment that its author wrote for others than those who see the post above it. */
export function placeBelow(
  comment: { accountId: number; visibility: Visibility },
  parent: PostRow,
): Pick<Answering, 'audienceId' | 'visibility'> {
  const visibility = narrower(comment.visibility, parent.visibility);
  // "Followers" of a remote comment are its author's own, unless the post above is for fewer.
  const own = comment.visibility === 'followers' && parent.visibility !== 'followers';
  return { visibility, audienceId: own ? comment.accountId : parent.audienceId };
}

/** Whether the author of a remote comment may comment on a post. */
export function mayAnswer(ctx: Context, accountId: number, parent: PostRow): boolean {
  if (parent.accountId === accountId) return true;
  if (parent.archivedAt !== null) return false;
  const author = findAccount(ctx.db, parent.accountId);
  // Who sees the posts of other servers is for them to say; here their followers are not known.
  if (!author || author.domain !== null) return author !== null && !parent.commentsDisabled;
  if (!mayReact(ctx, 'comment', accountId, parent)) return false;
  return readPostsByIds(ctx, { id: accountId }, [parent.id]).length > 0;
}
