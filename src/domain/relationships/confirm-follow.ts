import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { grantFollow } from './begin-follow.ts';
import { endFollow } from './end-follow.ts';

/**
 * The account elsewhere that somebody here asked to follow (`followeeId`, who must have said so
 * itself: T10) has accepted. True if there was such a request; nothing else changes any state (T11).
 */
export function confirmFollow(ctx: Context, followerId: number, followeeId: number): boolean {
  return transaction(ctx.db, () => grantFollow(ctx, followerId, followeeId));
}

/** The same account has refused, or does not want to be followed any more. True if there was a follow or request. */
export function rejectFollow(ctx: Context, followerId: number, followeeId: number): boolean {
  return endFollow(ctx, followerId, followeeId) !== null;
}
