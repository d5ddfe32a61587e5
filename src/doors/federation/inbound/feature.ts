import { pinPost, unpinPost } from '#domain/posts/pin.ts';
import { findPostByUri } from '#domain/posts/remote-queries.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import { hasLocalFollower } from './care-queries.ts';
import type { Handler } from './handler.ts';
import { parkActivity } from './park.ts';

/** Something comes to the top of the signer's own profile; Pixelfed brings stories this way. */
export const receiveAdd: Handler = async (ctx, activity, signer, circumstances) => {
  const { id, type } = activity.object;
  if (type === 'Story') return await parkActivity(ctx, activity, signer, circumstances);
  if (id === null || !isOwnFeatured(activity.target.id, signer.featuredUrl)) return null;
  const cared = findPostByUri(ctx.db, id) !== null || hasLocalFollower(ctx.db, signer.id);
  const post = cared ? await resolvePost(ctx, id) : null;
  if (post?.accountId !== signer.id) return null;
  return () => {
    pinPost(ctx, signer.id, post.id);
  };
};

/** Something goes from there. */
export const receiveRemove: Handler = async (ctx, activity, signer) => {
  const { id } = activity.object;
  if (id === null || !isOwnFeatured(activity.target.id, signer.featuredUrl)) return null;
  const post = findPostByUri(ctx.db, id);
  if (post?.accountId !== signer.id) return null;
  return () => {
    unpinPost(ctx, signer.id, post.id);
  };
};

function isOwnFeatured(target: string | null, featured: string | null): boolean {
  return target !== null && target === featured;
}
