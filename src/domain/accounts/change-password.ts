import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { hashPassword } from '#base/platform/passwords.ts';
import { deleteCode } from './code-queries.ts';
import { confirmPassword } from './confirm-password.ts';
import { endTokens } from './end-access.ts';
import { findLogin, updatePassword } from './login-queries.ts';
import { problemOfPassword } from './password-rules.ts';
import { findAccount } from './queries.ts';
import { endSessions } from './sessions.ts';
import type { Viewer } from './viewer.ts';

/**
 * Changes the viewer's own password and ends all sessions but the one it was done from (`sessionId`:
 * the stored one). Apps and scripts keep their tokens: nobody is locked out, so nothing points to a
 * thief, and each can be taken back by itself.
 */
export async function changePassword(
  ctx: Context,
  viewer: Viewer,
  input: { current: string; password: string; sessionId: string | null },
): Promise<void> {
  await confirmPassword(ctx, viewer, input.current, 'current_password');
  await storePassword(ctx, viewer.id, input.password, input.sessionId);
}

/** Sets a password without asking for the old one, for the command line; all sessions and tokens end. */
export async function setPassword(
  ctx: Context,
  accountId: number,
  password: string,
): Promise<void> {
  await storePassword(ctx, accountId, password, null);
}

async function storePassword(
  ctx: Context,
  accountId: number,
  password: string,
  keepSession: string | null,
): Promise<void> {
  const passwordHash = await hashNewPassword(ctx, accountId, password);
  transaction(ctx.db, () => writePassword(ctx, accountId, passwordHash, keepSession));
}

/** Checks a new password of an account by the rules and hashes it; throws `invalid` with the field `password`. */
export async function hashNewPassword(
  ctx: Context,
  accountId: number,
  password: string,
): Promise<string> {
  const account = findAccount(ctx.db, accountId);
  const login = findLogin(ctx.db, accountId);
  if (!account || !login) throw new AppError('not_found', 'There is no such account here.');
  const problem = problemOfPassword(password, { username: account.username, email: login.email });
  if (problem) throw new AppError('invalid', problem, { fields: { password: problem } });
  return hashPassword(password);
}

/**
 * Stores a hashed password inside the caller's transaction; other sessions and an open reset link end
 * with it. Without a session to keep somebody else may have had the account, so its tokens end too.
 */
export function writePassword(
  ctx: Pick<Context, 'db' | 'now' | 'live'>,
  accountId: number,
  passwordHash: string,
  keepSession: string | null,
): void {
  updatePassword(ctx.db, { accountId, passwordHash, now: ctx.now() });
  endSessions(ctx, accountId, keepSession === null ? {} : { except: keepSession });
  if (keepSession === null) endTokens(ctx, accountId);
  deleteCode(ctx.db, 'reset', accountId);
}
