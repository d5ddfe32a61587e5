import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { confirmPassword } from './confirm-password.ts';
import { EMAIL_TAKEN } from './create-account.ts';
import { problemOfEmail } from './emails.ts';
import { findLoginByEmail, updateEmail } from './login-queries.ts';
import type { Viewer } from './viewer.ts';

/** Changes the address that the viewer signs in with. Throws `invalid` with the field `email` or `email_password`. */
export async function changeEmail(
  ctx: Context,
  viewer: Viewer,
  input: { email: string; password: string },
): Promise<void> {
  const email = input.email.trim();
  refuse(problemOfEmail(email));
  // First, so that nobody asks on a borrowed device who else has an account.
  await confirmPassword(ctx, viewer, input.password, 'email_password');
  transaction(ctx.db, () => {
    const taken = findLoginByEmail(ctx.db, email);
    if (taken && taken.accountId !== viewer.id) {
      refuse(EMAIL_TAKEN);
    }
    updateEmail(ctx.db, viewer.id, email);
  });
}

function refuse(problem: string | null): void {
  if (problem !== null) throw new AppError('invalid', problem, { fields: { email: problem } });
}
