import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { deleteMutedThreads, insertMutedThread, listThreadIds } from './muted-queries.ts';
import { readPost } from './reading.ts';

type Asker = { id: number };

/** Tells the viewer nothing more of the whole thread that a post is part of. Throws `not_found`. */
export function muteThread(ctx: Context, viewer: Asker, postId: number): void {
  transaction(ctx.db, () => {
    readPost(ctx, viewer, postId);
    const top = listThreadIds(ctx.db, postId).at(-1) ?? postId;
    insertMutedThread(ctx.db, viewer.id, top);
  });
}

/** Takes that back. Throws `not_found`. */
export function unmuteThread(ctx: Context, viewer: Asker, postId: number): void {
  transaction(ctx.db, () => {
    readPost(ctx, viewer, postId);
    deleteMutedThreads(ctx.db, viewer.id, listThreadIds(ctx.db, postId));
  });
}
