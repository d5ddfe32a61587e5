import type { Context } from '#base/context.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { listFollowPartners } from '#domain/relationships/queries.ts';
import { removeFollower } from '#domain/relationships/remove-follower.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';

/** Ends what people here have with an account of another server, which is told; inside the caller's transaction. */
export function endFollowsWith(ctx: Context, accountId: number): void {
  const { followers, followees } = listFollowPartners(ctx.db, accountId);
  for (const viewer of people(ctx, followers)) unfollowAccount(ctx, viewer, accountId);
  for (const viewer of people(ctx, followees)) removeFollower(ctx, viewer, accountId);
}

function people(ctx: Context, ids: readonly number[]): Viewer[] {
  return [...findAccounts(ctx.db, ids).values()].flatMap(({ id, username, role }) =>
    role === null ? [] : [{ id, username, role }],
  );
}
