import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { verifyPassword } from '#base/platform/passwords.ts';
import { findLoginByEmail, findLoginByUsername, type LoginRow } from './login-queries.ts';
import { findAccount } from './queries.ts';
import { startSession } from './sessions.ts';
import { countAttempt } from './throttle.ts';
import type { Viewer } from './viewer.ts';

/** argon2id of a random text that nobody kept: an unknown name costs the same work as a known one. */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$QLJj8I2l11f59NJsBUN8TudgLF1lS1y0FguKG25yrIA$EQsk6Iszpm4Ntx9J6I2Kp90wb9I1WsySBH1wmnSgToI';

export type SignIn = { name: string; password: string; address: string; userAgent: string };

/**
 * Signs a person in by username or email; `id` goes into the cookie. A wrong password and an unknown
 * name get the same answer (`unauthorized`) after the same work. Throws `too_many` when throttled,
 * `forbidden` for a suspended account, said only to who knows its password.
 */
export async function signIn(
  ctx: Context,
  input: SignIn,
): Promise<{ viewer: Viewer; id: string; csrf: string }> {
  const login = findLoginByName(ctx, input.name);
  // Name and address of one account share a counter, or each would give another ten guesses.
  const name = login === null ? input.name : `#${login.accountId}`;
  const takeBack = countAttempt(ctx, { name, address: input.address });
  const right = await verifyPassword(input.password.slice(0, 2000), login?.passwordHash ?? NOBODY);
  const account = right && login ? findAccount(ctx.db, login.accountId) : null;
  if (!account || account.role === null) {
    throw new AppError('unauthorized', 'That name and that password do not fit together.');
  }
  takeBack();
  if (account.suspendedAt !== null) {
    throw new AppError('forbidden', 'This account is suspended; please ask an admin.');
  }
  const viewer = { id: account.id, username: account.username, role: account.role };
  return { viewer, ...(await startSession(ctx, account.id, input.userAgent)) };
}

function findLoginByName(ctx: Pick<Context, 'db'>, typed: string): LoginRow | null {
  const name = typed.trim().replace(/^@/, '').slice(0, 300);
  return name.includes('@') ? findLoginByEmail(ctx.db, name) : findLoginByUsername(ctx.db, name);
}
