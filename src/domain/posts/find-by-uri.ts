import type { Context } from '#base/context.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { readOwnAddress } from '#domain/own-address.ts';
import { findPost } from './queries.ts';
import { findPostByUri } from './remote-queries.ts';
import type { PostRow } from './rows.ts';

/** The post that an id names, of this server (`/users/name/posts/ID`) or of another one, if it is here; whoever asks. */
export function readPostByUri(ctx: Pick<Context, 'config' | 'db'>, uri: string): PostRow | null {
  const own = readOwnAddress(ctx.config, uri);
  if (own === null) return findPostByUri(ctx.db, uri);
  const post = own.kind === 'post' ? findPost(ctx.db, own.postId) : null;
  if (!post || own.kind !== 'post' || post.uri !== null) return null;
  const author = findAccount(ctx.db, post.accountId);
  return author?.username.toLowerCase() === own.username.toLowerCase() ? post : null;
}
