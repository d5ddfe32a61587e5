import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { type Interaction, mayReact, requireAllowed } from './interactions.ts';
import { readPostsByIds } from './reading.ts';
import type { PostRow } from './rows.ts';

/** Who does something to which post. */
export type Reacting = { account: AccountRow; post: PostRow; author: AccountRow; isLocal: boolean };

/**
 * The post that an account of any server does something to, if it may see it. A local account gets
 * `not_found` thrown like for a missing one; for a remote one the answer is null, and its activity is
 * without effect.
 */
export function readReacting(ctx: Context, accountId: number, postId: number): Reacting | null {
  const account = findAccount(ctx.db, accountId);
  const isLocal = account !== null && account.uri === null;
  const [post] = account?.suspendedAt === null ? readPostsByIds(ctx, account, [postId]) : [];
  const author = post ? findAccount(ctx.db, post.accountId) : null;
  if (account && post && author && post.archivedAt === null) {
    return { account, post, author, isLocal };
  }
  if (isLocal) throw new AppError('not_found', 'There is no such post.');
  return null;
}

/** Whether that is allowed on the post; a local account gets the reason thrown as `invalid`. */
export function isAllowed(ctx: Context, what: Interaction, reacting: Reacting): boolean {
  const { account, post, isLocal } = reacting;
  if (isLocal) requireAllowed(ctx, what, account.id, post);
  return mayReact(ctx, what, account.id, post);
}
