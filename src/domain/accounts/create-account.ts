import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { hashPassword } from '#base/platform/passwords.ts';
import { readSetting } from '#domain/settings.ts';
import { problemOfEmail } from './emails.ts';
import { findLoginByEmail, insertLogin } from './login-queries.ts';
import { problemOfPassword } from './password-rules.ts';
import { savePreferences } from './preferences.ts';
import { findAccountByUsername, findOwner, insertAccount } from './queries.ts';
import { isRetired } from './retired-queries.ts';
import { closeSetup } from './setup-state.ts';
import { problemOfUsername } from './usernames.ts';
import type { Role, Viewer } from './viewer.ts';

/** The sentence about an address that somebody has. */
export const EMAIL_TAKEN = 'There is an account with this address already.';

export type NewAccount = { username: string; email: string; password: string };

/**
 * Makes an account, whatever the registration setting says: for the command line, for containers
 * and, below it, for set-up and registration. Throws `invalid` with all mistakes by field, or
 * `conflict` for a second owner.
 */
export async function createAccount(
  ctx: Context,
  input: NewAccount & { role: Role },
): Promise<Viewer> {
  const account = checkNewAccount(ctx, input);
  const passwordHash = await hashPassword(account.password);
  return transaction(ctx.db, () =>
    writeAccount(ctx, { ...account, role: input.role, passwordHash }),
  );
}

/** Checks what was typed for a new account and gives it back trimmed; throws `invalid` with all mistakes by field. */
export function checkNewAccount(ctx: Pick<Context, 'db'>, input: NewAccount): NewAccount {
  const username = input.username.trim().replace(/^@/, '');
  const email = input.email.trim();
  const problems: Record<string, string | null> = {
    username:
      problemOfUsername(username) ??
      (findAccountByUsername(ctx.db, username) || isRetired(ctx.db, username)
        ? 'This name is taken; please choose another.'
        : null),
    email: problemOfEmail(email) ?? (findLoginByEmail(ctx.db, email) ? EMAIL_TAKEN : null),
    password: problemOfPassword(input.password, { username, email }),
  };
  const fields: Record<string, string> = {};
  for (const [field, problem] of Object.entries(problems)) if (problem) fields[field] = problem;
  const first = Object.values(fields)[0];
  if (first !== undefined) throw new AppError('invalid', first, { fields });
  return { username, email, password: input.password };
}

/** Writes a checked account inside the caller's transaction, looking once more at what another client may have taken meanwhile. */
export function writeAccount(
  ctx: Pick<Context, 'config' | 'db' | 'now' | 'newId'>,
  input: NewAccount & { role: Role; passwordHash: string },
): Viewer {
  checkNewAccount(ctx, input);
  if (input.role === 'owner') {
    if (findOwner(ctx.db)) {
      throw new AppError(
        'conflict',
        'There is an owner already; only the owner can hand that over.',
      );
    }
    closeSetup(ctx);
  }
  const { username, role } = input;
  const id = ctx.newId();
  insertAccount(ctx.db, { id, username, role, displayName: '', now: ctx.now() });
  insertLogin(ctx.db, {
    accountId: id,
    email: input.email,
    passwordHash: input.passwordHash,
    now: ctx.now(),
  });
  savePreferences(ctx.db, id, {
    defaultVisibility: readSetting(ctx, 'posts.default_visibility'),
  });
  return { id, username, role };
}
