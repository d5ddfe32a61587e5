import type { Context } from '#base/context.ts';
import { notify } from '#domain/notify/notify.ts';
import { listWatchers } from '#domain/relationships/queries.ts';
import type { PostRow } from './rows.ts';

const OPEN_TO_FOLLOWERS: ReadonlySet<string> = new Set(['public', 'unlisted', 'followers']);

/**
 * Tells the followers who want to hear of every new post of its author; comments are no news. Whom
 * the post mentions is told that already. Only inside the transaction that writes the post.
 */
export function tellWatchers(
  ctx: Context,
  post: Pick<PostRow, 'id' | 'accountId' | 'visibility' | 'inReplyToAccountId'>,
  mentionedIds: readonly number[],
): void {
  if (post.inReplyToAccountId !== null || !OPEN_TO_FOLLOWERS.has(post.visibility)) return;
  const { id: postId, accountId: fromId } = post;
  for (const accountId of listWatchers(ctx.db, fromId)) {
    if (mentionedIds.includes(accountId)) continue;
    notify(ctx, { accountId, type: 'status', fromId, postId });
  }
}
