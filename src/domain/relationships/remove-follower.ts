import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { federate } from '#domain/federate.ts';
import { endFollow } from './end-follow.ts';

/** Ends somebody's follow of the viewer without a word to them; their server, if it is another, must know. */
export function removeFollower(ctx: Context, viewer: Pick<Viewer, 'id'>, followerId: number): void {
  transaction(ctx.db, () => {
    const uri = endFollow(ctx, followerId, viewer.id)?.uri ?? null;
    if (uri === null) return;
    federate(ctx, { what: 'reject', accountId: viewer.id, targetId: followerId, uri });
  });
}
