import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { confirmPassword } from '#domain/accounts/confirm-password.ts';
import { findAccount, updateDeletion } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { queueJob } from '#domain/queue-job.ts';

/** Days in which a deletion that a person asked for can be called off. */
const GRACE_DAYS = 14;

/**
 * Lets a person delete the own account: hidden at once, gone after 14 days unless `keepAccount`
 * comes first. Throws `conflict` for the owner, who hands the place over first; `invalid` for a
 * wrong password.
 */
export async function leaveInstance(
  ctx: Context,
  viewer: Viewer,
  password: string,
): Promise<{ deletionAt: number }> {
  await confirmPassword(ctx, viewer, password, 'password');
  const deletionAt = ctx.now() + GRACE_DAYS * 86_400_000;
  transaction(ctx.db, () => {
    // Read here and not from the session: the place may have changed hands a moment ago.
    if (findAccount(ctx.db, viewer.id)?.role === 'owner') {
      throw new AppError(
        'conflict',
        'You own this place: make somebody else the owner first, or stop the server and delete its data.',
      );
    }
    updateDeletion(ctx.db, viewer.id, deletionAt);
    const uniqueKey = String(viewer.id);
    queueJob(ctx, 'membership.purge', { accountId: viewer.id }, { runAt: deletionAt, uniqueKey });
  });
  emitLive(ctx, 'account.changed', { accountId: viewer.id });
  return { deletionAt };
}

/** Calls the deletion of the own account off. */
export function keepAccount(ctx: Context, viewer: Viewer): void {
  // The job stays: it looks at the account when it runs, and finds nothing to do.
  updateDeletion(ctx.db, viewer.id, null);
  emitLive(ctx, 'account.changed', { accountId: viewer.id });
}
