import type { PostRow } from './rows.ts';
import { isOpen } from './visibility.ts';

/** Whether a post is in its author's public number: only what every reader sees, so it tells of nothing hidden. */
export function countsForAccount(
  post: Pick<PostRow, 'visibility' | 'archivedAt' | 'inReplyToAccountId'>,
): boolean {
  return isOpen(post.visibility) && post.archivedAt === null && post.inReplyToAccountId === null;
}

/** Whether a comment is in the number of its post: only when whoever sees the post sees it too. */
export function countsAsReply(
  comment: Pick<PostRow, 'visibility' | 'archivedAt'>,
  parent: Pick<PostRow, 'visibility'>,
): boolean {
  if (comment.archivedAt !== null) return false;
  return isOpen(comment.visibility) || comment.visibility === parent.visibility;
}
