import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { emitLater } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { notify, takeBack } from '#domain/notify/notify.ts';
import { ownActorUri } from '#domain/own-address.ts';
import { findPost } from './queries.ts';
import { deleteLike, insertLike } from './react-queries.ts';
import { isAllowed, readReacting } from './reacting.ts';

/**
 * An account of any server likes a post that it may see; `uri` is the id of the Like from elsewhere.
 * Once, however often it is said. True if that changed something. Where likes are turned off, an
 * account of this server gets `invalid`, and one of another server nothing.
 */
export function likePost(
  ctx: Context,
  accountId: number,
  postId: number,
  uri: string | null = null,
): boolean {
  return transaction(ctx.db, () => {
    const reacting = readReacting(ctx, accountId, postId);
    if (!reacting || !isAllowed(ctx, 'like', reacting)) return false;
    if (!insertLike(ctx.db, { accountId, postId, uri, now: ctx.now() })) return false;
    const { author, isLocal } = reacting;
    notify(ctx, { accountId: author.id, type: 'favourite', fromId: accountId, postId });
    if (isLocal && author.uri !== null) federate(ctx, { what: 'like', accountId, postId });
    emitLater(ctx, 'post.liked', { postId, accountId });
    return true;
  });
}

/** Takes a like back; true if there was one. */
export function unlikePost(ctx: Context, accountId: number, postId: number): boolean {
  return transaction(ctx.db, () => {
    const post = findPost(ctx.db, postId);
    if (!post || !deleteLike(ctx.db, { accountId, postId })) return false;
    const { accountId: authorId } = post;
    takeBack(ctx, { accountId: authorId, type: 'favourite', fromId: accountId, postId });
    const account = findAccount(ctx.db, accountId);
    if (account?.uri === null && post.uri !== null) {
      const uri = `${ownActorUri(ctx.config, account.username)}#likes/${postId}`;
      federate(ctx, { what: 'unlike', accountId, postId, uri });
    }
    emitLater(ctx, 'post.liked', { postId, accountId });
    return true;
  });
}
