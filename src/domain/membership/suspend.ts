import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { requireAdmin, requireManageable } from '#domain/accounts/actors.ts';
import { keepCut } from '#domain/accounts/cut-queries.ts';
import { silenceTokens } from '#domain/accounts/end-access.ts';
import { type AccountRow, findAccount, updateSuspension } from '#domain/accounts/queries.ts';
import { endSessions } from '#domain/accounts/sessions.ts';
import type { Actor } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { queueJob } from '#domain/queue-job.ts';
import { endFollowsWith } from './end-follows-with.ts';
import { requireRemovable } from './removable.ts';

/**
 * Suspends an account: its sessions end at once, its tokens stop working, what it posted is hidden
 * until `restoreAccount`. One of another server also loses its follows here, in both directions,
 * which do not come back (T28: nothing of it is taken in any more).
 */
export function suspendAccount(ctx: Context, actor: Actor, accountId: number): void {
  const account = findRemote(ctx, actor, accountId) ?? requireRemovable(ctx, actor, accountId);
  if (account.suspendedAt !== null) {
    // It may be hidden only because of its domain, and come back with that.
    keepCut(ctx.db, accountId);
    return;
  }
  transaction(ctx.db, () => {
    if (account.domain === null) {
      endSessions(ctx, accountId);
      silenceTokens(ctx, accountId);
    } else endFollowsWith(ctx, accountId);
    updateSuspension(ctx.db, accountId, ctx.now());
    queueRecount(ctx, accountId);
  });
  emitLive(ctx, 'account.changed', { accountId });
}

/** Lifts a suspension. Throws `conflict` if the account is being deleted by an admin. */
export function restoreAccount(ctx: Context, actor: Actor, accountId: number): void {
  const account = findRemote(ctx, actor, accountId) ?? requireManageable(ctx, actor, accountId);
  if (account.deletionAt !== null && account.deletionAt <= ctx.now()) {
    throw new AppError('conflict', 'This account is being deleted and cannot come back.');
  }
  transaction(ctx.db, () => {
    updateSuspension(ctx.db, accountId, null);
    keepCut(ctx.db, accountId);
    queueRecount(ctx, accountId);
    // The rule of its domain may hide it all the same.
    if (account.domain !== null) queueJob(ctx, 'moderation.cut_domains', {}, { uniqueKey: 'all' });
  });
  emitLive(ctx, 'account.changed', { accountId });
}

/** Its comments leave the numbers below posts, or come back. */
function queueRecount(ctx: Context, accountId: number): void {
  queueJob(ctx, 'posts.recount_comments', { accountId }, { uniqueKey: String(accountId) });
}

/** An account of another server, for admins; null for accounts of this one. */
function findRemote(ctx: Context, actor: Actor, accountId: number): AccountRow | null {
  const account = findAccount(ctx.db, accountId);
  if (!account || account.domain === null) return null;
  requireAdmin(actor);
  return account;
}
