import type { Context } from '#base/context.ts';
import { updateMove } from '#domain/accounts/moving-queries.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { emitLive } from '#domain/emit-live.ts';
import { followMoved } from '#domain/membership/follow-moved.ts';
import { movePossibleFrom } from '#domain/membership/move-account.ts';
import { confirmMove } from '#doors/federation/remote/actor-status.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import type { Handler } from './handler.ts';
import type { Activity } from './normalise.ts';

/**
 * An account lives elsewhere now: who follows it here follows the new one. Both sides must say so,
 * and nobody moves twice in seven days (T26).
 */
export const receiveMove: Handler = async (ctx, activity, signer) => {
  const move = await readMove(ctx, activity, signer);
  if (move === null) return null;
  const { from, to } = move;
  return () => {
    const old = findAccount(ctx.db, from.id);
    if (old === null) return;
    // A profile that was read meanwhile may have said the same already.
    if (old.movedToId !== to.id) {
      if (movePossibleFrom(old, ctx.now()) !== null) return;
      updateMove(ctx.db, { id: old.id, movedToId: to.id, movedAt: ctx.now() });
    }
    followMoved(ctx, old.id, to.id);
    return () => emitLive(ctx, 'account.changed', { accountId: old.id });
  };
};

async function readMove(
  ctx: Context,
  activity: Activity,
  signer: AccountRow,
): Promise<{ from: AccountRow; to: AccountRow } | null> {
  const { object, target } = activity;
  if (object.id !== signer.uri || target.id === null) return null;
  const to = await confirmMove(ctx, signer, target.id);
  if (to !== null) return { from: signer, to };
  // Pixelfed says it the other way round: the new account speaks, `target` is the old one, which
  // must itself say where it went.
  const old = await resolveActor(ctx, target.id, { fresh: true });
  if (old === null || old.movedToId !== signer.id || old.uri === null) return null;
  const known = await confirmMove(ctx, old, signer.uri ?? '');
  return known === null ? null : { from: old, to: known };
}
