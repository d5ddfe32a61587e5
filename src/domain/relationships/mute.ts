import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { emitLater } from '#domain/emit-live.ts';
import type { JobPayload } from '#domain/kinds.ts';
import { queueJob } from '#domain/queue-job.ts';
import { deleteMute, saveMute } from './mute-queries.ts';

/** A mute as it is asked for. */
export type MuteInput = {
  /** Whether what the account does is not told either. */
  notifications: boolean;
  /** Milliseconds; null: until it is taken back. */
  duration: number | null;
};

/**
 * Keeps an account out of the viewer's lists, for a while or for good. Nobody else hears of it, on
 * no server (T112); both still see each other's posts by their address. Throws `invalid` for oneself.
 */
export function muteAccount(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  targetId: number,
  { notifications, duration }: MuteInput,
): void {
  if (viewer.id === targetId) throw new AppError('invalid', 'You cannot mute yourself.');
  const now = ctx.now();
  const expiresAt = duration === null ? null : now + duration;
  const accountId = viewer.id;
  transaction(ctx.db, () => {
    saveMute(ctx.db, {
      ...{ accountId, targetId, expiresAt, now },
      notifications: Number(notifications),
    });
    if (expiresAt !== null) {
      queueJob(ctx, 'relationships.end_mute', { accountId, targetId }, { runAt: expiresAt });
    }
    emitLater(ctx, 'follow.changed', { accountId, targetId });
  });
}

/** Ends a mute; nothing happens when there is none. */
export function unmuteAccount(ctx: Context, viewer: Pick<Viewer, 'id'>, targetId: number): void {
  const accountId = viewer.id;
  transaction(ctx.db, () => {
    if (!deleteMute(ctx.db, { accountId, targetId })) return;
    emitLater(ctx, 'follow.changed', { accountId, targetId });
  });
}

/** Ends a mute whose time is over; one that was renewed since then has a job of its own. */
export function endMute(ctx: Context, mute: JobPayload<'relationships.end_mute'>): void {
  transaction(ctx.db, () => {
    if (deleteMute(ctx.db, { ...mute, until: ctx.now() })) emitLater(ctx, 'follow.changed', mute);
  });
}
