import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { deleteExpiredCodes } from './code-queries.ts';
import { deleteSpentInvites } from './invite-queries.ts';
import { deleteExpiredSessions } from './session-queries.ts';

/** Removes sessions, codes and invites that are over; for the nightly cron. */
export function sweepAccounts(ctx: Pick<Context, 'db' | 'now'>): void {
  transaction(ctx.db, () => {
    deleteExpiredSessions(ctx.db, ctx.now());
    deleteExpiredCodes(ctx.db, ctx.now());
    deleteSpentInvites(ctx.db, ctx.now());
  });
}
