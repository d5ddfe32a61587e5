import type { Context } from '#base/context.ts';
import { touchMedia } from './queries.ts';

/**
 * Takes photos out of their post. They stay for a day, so that an edit can be taken back, then the
 * sweep removes them. Only inside the caller's transaction.
 */
export function detachMedia(
  ctx: Pick<Context, 'db' | 'now'>,
  postId: number,
  ids: readonly number[],
): void {
  touchMedia(ctx.db, { postId, ids, now: ctx.now() });
}
