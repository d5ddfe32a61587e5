import type { Context } from '#base/context.ts';
import { endFollow } from '#domain/relationships/end-follow.ts';
import { listFollowPartners } from '#domain/relationships/queries.ts';

/**
 * Ends the follows of remote accounts whose inbox is gone for good (410): nobody reads there. Only
 * inside the caller's transaction.
 */
export function endFollowsOf(ctx: Context, accountIds: readonly number[]): void {
  for (const followerId of accountIds) {
    for (const followeeId of listFollowPartners(ctx.db, followerId).followees) {
      endFollow(ctx, followerId, followeeId);
    }
  }
}
