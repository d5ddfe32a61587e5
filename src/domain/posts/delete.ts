import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { detachMedia } from '#domain/media/detach.ts';
import { removeMedia } from '#domain/media/remove.ts';
import { ownPostUri } from '#domain/own-address.ts';
import { countPost, countReply, recountReplies } from './count-queries.ts';
import { countsAsReply, countsForAccount } from './counting.ts';
import { deletePostRow, findPost, listMediaIds } from './queries.ts';
import { isClosed, readOwnPost } from './reading.ts';
import { insertTombstone } from './remote-queries.ts';
import type { PostRow } from './rows.ts';
import { tellGone } from './tell-gone.ts';
import { isOpen } from './visibility.ts';

/**
 * Deletes a post with its photos and their files in one transaction; comments on it stay with their
 * authors, detached. With `keepPhotos` the photos stay for a day, for their author alone, so that the
 * post can be written anew. Throws `not_found` unless it is the viewer's.
 */
export function deletePost(
  ctx: Context,
  viewer: Viewer,
  id: number,
  { keepPhotos = false }: { keepPhotos?: boolean } = {},
): void {
  const { visibility } = transaction(ctx.db, () => {
    const post = readOwnPost(ctx, viewer, id);
    if (keepPhotos) detachMedia(ctx, id, listMediaIds(ctx.db, id));
    tellGone(ctx, post, viewer.username);
    erasePost(ctx, id);
    return post;
  });
  emitLive(ctx, 'post.deleted', { postId: id, accountId: viewer.id, visibility });
}

/** Takes a post out with everything that counts it; only inside the caller's transaction. */
export function erasePost(ctx: Context, id: number): void {
  const post = findPost(ctx.db, id);
  if (!post) return;
  const parent = post.inReplyToId === null ? null : findPost(ctx.db, post.inReplyToId);
  removeMedia(ctx, listMediaIds(ctx.db, id));
  deletePostRow(ctx.db, id);
  if (post.uri === null) remember(ctx, post);
  if (countsForAccount(post)) countPost(ctx.db, post.accountId, -1);
  // Comments of a suspended account are not in the number.
  const hidden = typeof findAccount(ctx.db, post.accountId)?.suspendedAt === 'number';
  if (parent && hidden) recountReplies(ctx.db, parent.id);
  else if (parent && countsAsReply(post, parent)) countReply(ctx.db, parent.id, -1);
}

/** Who asks for a post that everybody could see is told that it is gone (T110). */
function remember(ctx: Context, { accountId, id, visibility }: PostRow): void {
  const author = findAccount(ctx.db, accountId);
  if (author === null || isClosed(ctx) || !isOpen(visibility)) return;
  const uri = ownPostUri(ctx.config, author.username, id);
  insertTombstone(ctx.db, { uri, open: true, now: ctx.now() });
}
