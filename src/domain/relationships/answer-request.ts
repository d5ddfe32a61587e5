import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { acceptFollow, countFollow, deleteFollow, findFollow } from './queries.ts';

/** Lets somebody follow the viewer, or turns the request down. Throws `not_found` without a request. */
export function answerRequest(
  ctx: Context,
  viewer: Viewer,
  followerId: number,
  answer: 'accept' | 'reject',
): void {
  transaction(ctx.db, () => {
    if (findFollow(ctx.db, followerId, viewer.id)?.state !== 'requested') {
      throw new AppError('not_found', 'There is no such request.');
    }
    if (answer === 'reject') deleteFollow(ctx.db, followerId, viewer.id);
    else if (acceptFollow(ctx.db, followerId, viewer.id)) {
      countFollow(ctx.db, followerId, viewer.id, 1);
    }
  });
}
