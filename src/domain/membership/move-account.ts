import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { confirmPassword } from '#domain/accounts/confirm-password.ts';
import { updateMove } from '#domain/accounts/moving-queries.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { actorIdOf, readAliases } from './aliases.ts';
import { followMoved } from './follow-moved.ts';

/** Days between two moves of one account (T26). */
const PAUSE_DAYS = 7;

/** From when an account may move (again); null: now. */
export function movePossibleFrom(row: { movedAt: number | null }, now: number): number | null {
  const from = row.movedAt === null ? 0 : row.movedAt + PAUSE_DAYS * 86_400_000;
  return from > now ? from : null;
}

/**
 * Moves the viewer's followers to another account (T26): `targetId` was just read from its own
 * server and must name this account among its old ones; not oftener than once in seven days, and
 * never in a circle. Followers elsewhere are told, those here follow at once. The posts stay.
 * Throws `invalid` with the form's field, `conflict` after a move of late.
 */
export async function moveAccount(
  ctx: Context,
  viewer: Viewer,
  input: { targetId: number; password: string },
): Promise<void> {
  await confirmPassword(ctx, viewer, input.password, 'move_password');
  transaction(ctx.db, () => {
    const own = findAccount(ctx.db, viewer.id);
    const target = findAccount(ctx.db, input.targetId);
    if (!own || !target) throw wrong('There is no such account.');
    if (target.id === own.id) throw wrong('That is this very account.');
    if (movePossibleFrom(own, ctx.now()) !== null) {
      throw new AppError('conflict', 'This account has moved of late; wait seven days.');
    }
    if (target.movedToId !== null) throw wrong('That account has itself moved elsewhere.');
    if (!readAliases(target).includes(actorIdOf(ctx, own))) {
      throw wrong(
        'That account does not name this one among its old accounts yet: do that there first.',
      );
    }
    updateMove(ctx.db, { id: own.id, movedToId: target.id, movedAt: ctx.now() });
    federate(ctx, { what: 'move', accountId: own.id, targetId: target.id });
    followMoved(ctx, own.id, target.id);
  });
  emitLive(ctx, 'account.changed', { accountId: viewer.id });
}

/** Takes the sign "has moved" off the viewer's profile; followers who have gone do not come back. */
export function stayHere(ctx: Context, viewer: Viewer): void {
  transaction(ctx.db, () => {
    const own = findAccount(ctx.db, viewer.id);
    if (!own || own.movedToId === null) return;
    updateMove(ctx.db, { id: own.id, movedToId: null, movedAt: own.movedAt });
    federate(ctx, { what: 'account', accountId: own.id });
  });
  emitLive(ctx, 'account.changed', { accountId: viewer.id });
}

function wrong(sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { target: sentence } });
}
