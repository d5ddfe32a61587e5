import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { emitLater } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { notify, takeBack } from '#domain/notify/notify.ts';
import { ownActorUri } from '#domain/own-address.ts';
import { newPostId } from './new-post-id.ts';
import { findPost } from './queries.ts';
import { deleteShare, findShare, insertShare, type ShareRow } from './react-queries.ts';
import { isAllowed, readReacting } from './reacting.ts';
import { isOpen } from './visibility.ts';

/** How a boost is made; of another server with its Announce's id and time (milliseconds). */
export type Sharing = {
  uri?: string | null;
  visibility?: ShareRow['visibility'];
  publishedAt?: number;
};

/**
 * An account of any server shows a post to its followers, once. Only what everybody sees can be
 * boosted (T30, T107), and only where that is not turned off: for anything else a local account gets
 * `invalid`, a remote one null.
 */
export function sharePost(
  ctx: Context,
  accountId: number,
  postId: number,
  sharing: Sharing = {},
): { shareId: number; made: boolean } | null {
  return transaction(ctx.db, () => {
    const reacting = readReacting(ctx, accountId, postId);
    if (!reacting) return null;
    const { post, author, isLocal } = reacting;
    if (!isOpen(post.visibility)) {
      if (!isLocal) return null;
      throw new AppError('invalid', 'Only posts that everybody can see can be boosted.');
    }
    if (!isAllowed(ctx, 'share', reacting)) return null;
    const known = findShare(ctx.db, { accountId, postId });
    if (known) return { shareId: known.id, made: false };
    const createdAt = Math.min(sharing.publishedAt ?? ctx.now(), ctx.now());
    const id = isLocal ? ctx.newId() : newPostId(ctx, createdAt);
    const quiet = post.visibility === 'unlisted' && sharing.visibility !== 'followers';
    const visibility = quiet ? 'unlisted' : (sharing.visibility ?? 'public');
    const uri = sharing.uri ?? null;
    insertShare(ctx.db, { id, accountId, postId, uri, visibility, createdAt });
    notify(ctx, { accountId: author.id, type: 'reblog', fromId: accountId, postId });
    if (isLocal) federate(ctx, { what: 'share', accountId, postId });
    emitLater(ctx, 'post.shared', { postId, accountId, shareId: id });
    return { shareId: id, made: true };
  });
}

/** Takes a boost back; true if there was one. */
export function unsharePost(ctx: Context, accountId: number, postId: number): boolean {
  return transaction(ctx.db, () => {
    const share = findShare(ctx.db, { accountId, postId });
    const post = findPost(ctx.db, postId);
    if (!share || !post) return false;
    deleteShare(ctx.db, share);
    takeBack(ctx, { accountId: post.accountId, type: 'reblog', fromId: accountId, postId });
    const account = findAccount(ctx.db, accountId);
    if (account?.uri === null) {
      const uri = `${ownActorUri(ctx.config, account.username)}#shares/${share.id}`;
      federate(ctx, { what: 'unshare', accountId, postId, uri });
    }
    emitLater(ctx, 'post.shared', { postId, accountId, shareId: share.id });
    return true;
  });
}
