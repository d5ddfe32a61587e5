import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { deleteUnusedApps } from './app-queries.ts';
import { deleteOldAppTokens } from './app-token-queries.ts';
import { deleteExpiredCodes } from './code-queries.ts';
import { TOKEN_MS } from './grant-token.ts';
import { deleteSpentInvites } from './invite-queries.ts';
import { deleteOldOauthCodes } from './oauth-code-queries.ts';
import { deleteExpiredSessions } from './session-queries.ts';
import { deleteOldTokens } from './token-queries.ts';

const DAY_MS = 86_400_000;

/**
 * Removes sessions, codes, tokens and invites that are over, and apps that nobody let in; for the
 * nightly cron. A code stays a day longer, since its second use must be known as one, and a token a
 * year, since it may be renewed.
 */
export function sweepAccounts(ctx: Pick<Context, 'db' | 'now'>): void {
  transaction(ctx.db, () => {
    deleteExpiredSessions(ctx.db, ctx.now());
    deleteExpiredCodes(ctx.db, ctx.now());
    deleteSpentInvites(ctx.db, ctx.now());
    deleteOldOauthCodes(ctx.db, ctx.now() - DAY_MS);
    deleteOldAppTokens(ctx.db, ctx.now());
    deleteOldTokens(ctx.db, ctx.now() - TOKEN_MS);
    deleteUnusedApps(ctx.db, ctx.now() - DAY_MS);
  });
}
