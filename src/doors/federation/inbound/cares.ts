import type { Context } from '#base/context.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import type { RemotePost } from '#domain/posts/remote-types.ts';
import { hasLocalFollower } from './care-queries.ts';

/**
 * Whether anybody here has to do with a post of another server: somebody follows its author, it
 * mentions somebody, or it continues a thread that is here. What nobody cares for is not stored.
 */
export function isCaredFor(ctx: Context, post: RemotePost): boolean {
  if (hasLocalFollower(ctx.db, post.accountId)) return true;
  const mentioned = findAccounts(ctx.db, post.mentionedIds);
  if ([...mentioned.values()].some(({ domain }) => domain === null)) return true;
  return post.inReplyToUri !== null && readPostByUri(ctx, post.inReplyToUri) !== null;
}
