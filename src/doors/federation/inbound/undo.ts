import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { unlikePost } from '#domain/posts/like.ts';
import { unsharePost } from '#domain/posts/share.ts';
import { unblockAccount } from '#domain/relationships/block.ts';
import { rejectFollow } from '#domain/relationships/confirm-follow.ts';
import { endFollow } from '#domain/relationships/end-follow.ts';
import { readAnnounced } from './announce.ts';
import type { Handler } from './handler.ts';
import { localAccountOf } from './local-target.ts';
import { type Reference, readReference } from './normalise.ts';
import { findDone } from './undo-queries.ts';
import { idsIn, listOf } from './values.ts';

/**
 * Takes back a Follow, Like, Announce, Block or Accept of the signer's own (T9), by what is embedded,
 * or by the id alone.
 */
export const receiveUndo: Handler = async (ctx, activity, signer) => {
  const { id, document, type } = activity.object;
  if (document === null || type === '') return id === null ? null : () => undoById(ctx, signer, id);
  const actor = idsIn(document.actor)[0];
  if (actor !== undefined && actor !== signer.uri) return null;
  const object = readReference(listOf(document.object)[0]);
  return () => undo(ctx, signer, type, object);
};

function undo(ctx: Context, signer: AccountRow, type: string, object: Reference): void {
  const target = localAccountOf(ctx, object.id);
  if (type === 'Follow' && target) endFollow(ctx, signer.id, target.id);
  if (type === 'Block' && target) unblockAccount(ctx, signer.id, target.id);
  if (type === 'Like' || type === 'EmojiReact') {
    const post = object.id === null ? null : readPostByUri(ctx, object.id);
    if (post) unlikePost(ctx, signer.id, post.id);
  }
  if (type === 'Announce') {
    const announced = readAnnounced({ object });
    const post = announced === null ? null : readPostByUri(ctx, announced);
    if (post) unsharePost(ctx, signer.id, post.id);
  }
  if (type === 'Accept') {
    // An embedded Follow of somebody here, which the signer had accepted.
    const follower = localAccountOf(ctx, idsIn(object.document?.actor)[0] ?? null);
    if (follower) rejectFollow(ctx, follower.id, signer.id);
  }
}

function undoById(ctx: Context, signer: AccountRow, uri: string): void {
  const done = findDone(ctx.db, signer.id, uri);
  if (done === null) return;
  const { what, targetId } = done;
  if (what === 'follow') endFollow(ctx, signer.id, targetId);
  else if (what === 'block') unblockAccount(ctx, signer.id, targetId);
  else if (what === 'like') unlikePost(ctx, signer.id, targetId);
  else unsharePost(ctx, signer.id, targetId);
}
