import type { Context } from '#base/context.ts';
import { federate } from '#domain/federate.ts';
import { ownPostUri } from '#domain/own-address.ts';
import { listInvolved } from './queries.ts';
import type { PostRow } from './rows.ts';

/**
 * Has a local post taken back from everybody elsewhere who got it and may not read it any more; call
 * it while its row and what hangs on it are still there. `post` is as it was.
 */
export function tellGone(ctx: Context, post: PostRow, username: string): void {
  const { id: postId, accountId, visibility } = post;
  if (visibility === 'self' || post.uri !== null) return;
  const uri = ownPostUri(ctx.config, username, postId);
  const mentionedIds = listInvolved(ctx.db, postId);
  federate(ctx, { what: 'delete', accountId, postId, uri, visibility, mentionedIds });
}
