import { receiveFollow as askToFollow } from '#domain/relationships/receive-follow.ts';
import type { Handler } from './handler.ts';
import { localAccountOf } from './local-target.ts';

/**
 * Somebody wants to follow a person of here; the answer is queued in the same transaction. Friendica
 * also follows posts, which is left alone. Some Pixelfeds give their Follow no id: then it gets one
 * that they can compare.
 */
export const receiveFollow: Handler = async (ctx, activity, signer) => {
  const followee = localAccountOf(ctx, activity.object.id);
  if (followee === null) return null;
  const uri = activity.id ?? `${signer.uri}#follow/${followee.id}`;
  return () => {
    askToFollow(ctx, signer, followee, uri);
  };
};
