import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { deleteBookmark, insertBookmark } from './react-queries.ts';
import { readPost } from './reading.ts';

/** Keeps a post for later; nobody else hears of it. Throws `not_found` for what the viewer may not see. */
export function bookmarkPost(ctx: Context, viewer: Pick<Viewer, 'id'>, postId: number): void {
  transaction(ctx.db, () => {
    readPost(ctx, viewer, postId);
    insertBookmark(ctx.db, { accountId: viewer.id, postId, now: ctx.now() });
  });
}

/** Ends that; nothing happens when it was not kept. */
export function unbookmarkPost(ctx: Context, viewer: Pick<Viewer, 'id'>, postId: number): void {
  deleteBookmark(ctx.db, { accountId: viewer.id, postId });
}
