import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { federate } from '#domain/federate.ts';
import { grantFollow } from './begin-follow.ts';
import { endFollow } from './end-follow.ts';
import { findFollow } from './queries.ts';

/**
 * Lets somebody follow the viewer, or turns the request down; a follower's server hears the answer.
 * Throws `not_found` without a request.
 */
export function answerRequest(
  ctx: Context,
  viewer: Viewer,
  followerId: number,
  answer: 'accept' | 'reject',
): void {
  transaction(ctx.db, () => {
    const request = findFollow(ctx.db, followerId, viewer.id);
    if (request?.state !== 'requested') {
      throw new AppError('not_found', 'There is no such request.');
    }
    if (answer === 'reject') endFollow(ctx, followerId, viewer.id);
    else grantFollow(ctx, followerId, viewer.id);
    const { uri } = request;
    if (uri === null) return;
    federate(ctx, { what: answer, accountId: viewer.id, targetId: followerId, uri });
  });
}
