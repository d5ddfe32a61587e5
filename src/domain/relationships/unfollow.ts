import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { countFollow, deleteFollow } from './queries.ts';

/** Ends a follow or takes a request back; nothing happens when there is none. */
export function unfollowAccount(ctx: Context, viewer: Viewer, accountId: number): void {
  transaction(ctx.db, () => {
    const was = deleteFollow(ctx.db, viewer.id, accountId);
    if (was === 'accepted') countFollow(ctx.db, viewer.id, accountId, -1);
  });
}
