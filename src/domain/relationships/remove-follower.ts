import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { countFollow, deleteFollow } from './queries.ts';

/** Ends somebody's follow of the viewer without a word to them. */
export function removeFollower(ctx: Context, viewer: Viewer, followerId: number): void {
  transaction(ctx.db, () => {
    const was = deleteFollow(ctx.db, followerId, viewer.id);
    if (was === 'accepted') countFollow(ctx.db, followerId, viewer.id, -1);
  });
}
