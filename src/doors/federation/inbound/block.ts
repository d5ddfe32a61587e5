import { blockAccount } from '#domain/relationships/block.ts';
import type { Handler } from './handler.ts';
import { localAccountOf } from './local-target.ts';

/** The signer does not want to have to do with somebody of here: follows end, nothing is told (T27). */
export const receiveBlock: Handler = async (ctx, activity, signer) => {
  const target = localAccountOf(ctx, activity.object.id);
  if (target === null) return null;
  return () => {
    blockAccount(ctx, signer.id, target.id, activity.id);
  };
};
