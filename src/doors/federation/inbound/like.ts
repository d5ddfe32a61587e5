import { likePost } from '#domain/posts/like.ts';
import type { Handler } from './handler.ts';
import { localPostOf } from './local-target.ts';

/**
 * Somebody likes a post of here; a reaction with an emoji is one, too. What is liked elsewhere is
 * counted there.
 */
export const receiveLike: Handler = async (ctx, activity, signer) => {
  const post = localPostOf(ctx, activity.object.id);
  if (post === null) return null;
  return () => {
    likePost(ctx, signer.id, post.id, activity.id);
  };
};
