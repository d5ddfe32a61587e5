import { emitLive } from '#domain/emit-live.ts';
import { removeRemoteAccount } from '#domain/membership/remove-remote-account.ts';
import { findPostByUri } from '#domain/posts/remote-queries.ts';
import { removeRemotePost } from '#domain/posts/remove-post.ts';
import { isActorGone } from '#doors/federation/remote/actor-status.ts';
import type { Handler } from './handler.ts';
import { deleteParkedAbout } from './inbox-queries.ts';

/**
 * A post, a story or a whole account goes. Each is the signer's own or nothing happens (T9). An
 * account whose farewell nobody could check is only removed when its server says twice that it is
 * gone (T25).
 */
export const receiveDelete: Handler = async (ctx, activity, signer, { verified }) => {
  const { id } = activity.object;
  if (id === null || signer.uri === null) return null;
  if (id === signer.uri) {
    if (!verified && !(await isActorGone(ctx, signer.uri))) return null;
    return () => removeRemoteAccount(ctx, signer.id);
  }
  if (!verified) return null;
  return () => {
    deleteParkedAbout(ctx.db, signer.id, id);
    const visibility = findPostByUri(ctx.db, id)?.visibility ?? 'self';
    const postId = removeRemotePost(ctx, id, signer.id);
    if (postId === null) return;
    return () => emitLive(ctx, 'post.deleted', { postId, accountId: signer.id, visibility });
  };
};
