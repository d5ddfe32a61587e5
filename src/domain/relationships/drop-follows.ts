import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { countFollow, deleteFollowsOf, listFollowPartners } from './queries.ts';

/** Ends every follow from and to an account that goes, so that the counters of the others stay exact. */
export function dropFollows(ctx: Context, accountId: number): void {
  transaction(ctx.db, () => {
    const { followers, followees } = listFollowPartners(ctx.db, accountId);
    for (const follower of followers) countFollow(ctx.db, follower, accountId, -1);
    for (const followee of followees) countFollow(ctx.db, accountId, followee, -1);
    deleteFollowsOf(ctx.db, accountId);
  });
}
