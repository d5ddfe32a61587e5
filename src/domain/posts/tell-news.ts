import type { Context } from '#base/context.ts';
import { notify } from '#domain/notify/notify.ts';
import { listCompany, listWaiting } from './news-queries.ts';
import type { PostRow } from './rows.ts';

/**
 * Tells followers who asked for it of a new post that is no comment and that they may see; only inside
 * the caller's transaction. `mentionedIds` have heard of it already.
 */
export function tellWaiting(ctx: Context, post: PostRow, mentionedIds: readonly number[]): void {
  const { id: postId, accountId: fromId, visibility } = post;
  if (post.inReplyToAccountId !== null || visibility === 'self' || visibility === 'direct') return;
  for (const accountId of listWaiting(ctx.db, fromId)) {
    if (!mentionedIds.includes(accountId))
      notify(ctx, { accountId, type: 'status', fromId, postId });
  }
}

/** Tells people of here who boosted or answered a post that it says something else now; only inside the caller's transaction. */
export function tellCompany(ctx: Context, post: PostRow): void {
  if (post.archivedAt !== null) return;
  const { id: postId, accountId: fromId } = post;
  for (const accountId of listCompany(ctx.db, postId)) {
    notify(ctx, { accountId, type: 'update', fromId, postId });
  }
}
