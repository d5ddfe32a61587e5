import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { verifyPassword } from '#base/platform/passwords.ts';
import { findLogin } from './login-queries.ts';
import { countAttempt } from './throttle.ts';
import type { Viewer } from './viewer.ts';

/**
 * Asks a signed-in person for the password before something that a borrowed device must not do.
 * Throws `invalid` with the form's field name, or `too_many`: the counter is the one of signing in.
 */
export async function confirmPassword(
  ctx: Pick<Context, 'db' | 'now'>,
  viewer: Viewer,
  password: string,
  field: string,
): Promise<void> {
  const takeBack = countAttempt(ctx, { name: `#${viewer.id}` });
  const login = findLogin(ctx.db, viewer.id);
  if (!login || !(await verifyPassword(password.slice(0, 2000), login.passwordHash))) {
    const sentence = 'That is not your password.';
    throw new AppError('invalid', sentence, { fields: { [field]: sentence } });
  }
  takeBack();
}
