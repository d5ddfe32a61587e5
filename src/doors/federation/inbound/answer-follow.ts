import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { findAccountByUsername } from '#domain/accounts/queries.ts';
import { confirmFollow, rejectFollow } from '#domain/relationships/confirm-follow.ts';
import { readOwnId } from '#doors/federation/documents/read-own-id.ts';
import type { Handler } from './handler.ts';
import { localAccountOf } from './local-target.ts';
import type { Activity } from './normalise.ts';
import { idsIn } from './values.ts';

/** The signer lets somebody of here follow. Only an asked question can be answered (T10, T11). */
export const receiveAccept: Handler = async (ctx, activity, signer) => {
  const follower = readFollower(ctx, activity, signer);
  if (follower === null) return null;
  return () => {
    confirmFollow(ctx, follower.id, signer.id);
  };
};

/** The signer turns a follower of here down, or away. */
export const receiveReject: Handler = async (ctx, activity, signer) => {
  const follower = readFollower(ctx, activity, signer);
  if (follower === null) return null;
  return () => {
    rejectFollow(ctx, follower.id, signer.id);
  };
};

/** Who of here asked to follow the signer, by the embedded Follow or by the id that we gave it. */
function readFollower(ctx: Context, activity: Activity, signer: AccountRow): AccountRow | null {
  const { id, document, type } = activity.object;
  const own = id === null ? null : readOwnId(ctx.config, id);
  const named = own?.kind === 'follow' ? findAccountByUsername(ctx.db, own.username) : null;
  if (document === null) return named;
  if (type !== 'Follow' || idsIn(document.object)[0] !== signer.uri) return null;
  const follower = localAccountOf(ctx, idsIn(document.actor)[0] ?? null);
  // Two answers in one: none of them counts.
  return named !== null && named.id !== follower?.id ? null : follower;
}
