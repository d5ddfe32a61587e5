import type { Context } from '#base/context.ts';
import { emitLater } from '#domain/emit-live.ts';
import { notify, takeBack } from '#domain/notify/notify.ts';
import { acceptFollow, countFollow, insertFollow, type NewFollow } from './queries.ts';

/** Writes a new follow or request with its counters and tells the followee; only inside the caller's transaction. */
export function beginFollow(ctx: Context, follow: NewFollow): void {
  insertFollow(ctx.db, follow);
  const { followerId, followeeId, state } = follow;
  if (state === 'accepted') countFollow(ctx.db, followerId, followeeId, 1);
  tell(ctx, followerId, followeeId, state === 'accepted' ? 'follow' : 'follow_request');
}

/** Turns a request into a follow; true when there was one. Only inside the caller's transaction. */
export function grantFollow(ctx: Context, followerId: number, followeeId: number): boolean {
  if (!acceptFollow(ctx.db, followerId, followeeId)) return false;
  countFollow(ctx.db, followerId, followeeId, 1);
  takeBack(ctx, { accountId: followeeId, type: 'follow_request', fromId: followerId });
  tell(ctx, followerId, followeeId, 'follow');
  return true;
}

function tell(
  ctx: Context,
  followerId: number,
  followeeId: number,
  type: 'follow' | 'follow_request',
): void {
  notify(ctx, { accountId: followeeId, type, fromId: followerId });
  emitLater(ctx, 'follow.changed', { accountId: followerId, targetId: followeeId });
}
