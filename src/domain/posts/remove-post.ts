import type { Context } from '#base/context.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { erasePost } from './delete.ts';
import { findPostByUri, insertTombstone } from './remote-queries.ts';
import { isOpen } from './visibility.ts';

/**
 * Removes a post of another server because its author (`accountId`) deleted it, and remembers the id
 * so that it does not come back, even if it has not come yet. Answers the id it had here, or null.
 * What is not the author's is left alone. Only inside the caller's transaction.
 */
export function removeRemotePost(ctx: Context, uri: string, accountId: number): number | null {
  const author = findAccount(ctx.db, accountId);
  if (!author || author.uri === null || !URL.canParse(uri)) return null;
  if (new URL(uri).origin !== new URL(author.uri).origin) return null;
  const post = findPostByUri(ctx.db, uri);
  if (post && post.accountId !== accountId) return null;
  insertTombstone(ctx.db, {
    uri,
    open: post !== null && isOpen(post.visibility),
    now: ctx.now(),
  });
  if (!post) return null;
  erasePost(ctx, post.id);
  return post.id;
}
