import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hashSecret, randomName, sameSecret } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { requireManageable } from './actors.ts';
import { hashNewPassword, writePassword } from './change-password.ts';
import { type CodeRow, findCodeBySelector, replaceCode, spendTry } from './code-queries.ts';
import { type AccountRow, findAccount } from './queries.ts';
import type { Actor } from './viewer.ts';

const HOURS = 24;
const TRIES = 5;
const SELECTOR = 16;

/** Makes a one-time link for a forgotten password (24 hours, five tries); an earlier one ends. The page is `/reset/TOKEN`. */
export function createResetLink(
  ctx: Pick<Context, 'db' | 'now'>,
  actor: Actor,
  accountId: number,
): { token: string; expiresAt: number } {
  const account = requireManageable(ctx, actor, accountId);
  const selector = randomName(10);
  const secret = randomName(16);
  const expiresAt = ctx.now() + HOURS * 3_600_000;
  replaceCode(ctx.db, {
    purpose: 'reset',
    accountId: account.id,
    selector,
    codeHash: hashSecret(secret),
    triesLeft: TRIES,
    expiresAt,
    now: ctx.now(),
  });
  return { token: selector + secret, expiresAt };
}

/** Whose password a link resets, or null if it is used, too old or wrong; spends nothing. */
export function readResetLink(ctx: Pick<Context, 'db' | 'now'>, token: string): AccountRow | null {
  const code = openCode(ctx, token);
  return code && fits(code, token) ? findAccount(ctx.db, code.accountId) : null;
}

/** Sets a new password with a link, which is then used up; all sessions and tokens of the account end. Throws `gone` for a bad link, `invalid` for a bad password. */
export async function spendResetLink(
  ctx: Context,
  token: string,
  password: string,
): Promise<{ accountId: number }> {
  const { accountId } = requireCode(ctx, token);
  const passwordHash = await hashNewPassword(ctx, accountId, password);
  transaction(ctx.db, () => {
    // A second request with the same link may have been faster.
    requireCode(ctx, token);
    writePassword(ctx, accountId, passwordHash, null);
  });
  return { accountId };
}

function requireCode(ctx: Pick<Context, 'db' | 'now'>, token: string): CodeRow {
  const code = openCode(ctx, token);
  if (code && fits(code, token)) return code;
  if (code) spendTry(ctx.db, 'reset', code.accountId);
  throw new AppError('gone', 'This link has been used or is too old; please ask for a fresh one.');
}

function openCode(ctx: Pick<Context, 'db' | 'now'>, token: string): CodeRow | null {
  if (token.length > 100) return null;
  const code = findCodeBySelector(ctx.db, 'reset', token.slice(0, SELECTOR));
  return code && code.triesLeft > 0 && code.expiresAt > ctx.now() ? code : null;
}

function fits(code: CodeRow, token: string): boolean {
  return sameSecret(hashSecret(token.slice(SELECTOR)), code.codeHash);
}
