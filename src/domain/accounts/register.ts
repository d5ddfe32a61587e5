import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hashSecret } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { hashPassword } from '#base/platform/passwords.ts';
import { readRegistration } from '#domain/closing.ts';
import { checkNewAccount, EMAIL_TAKEN, type NewAccount, writeAccount } from './create-account.ts';
import { takePlace } from './invite-queries.ts';
import { readInvite } from './invites.ts';
import { isSetUp } from './setup-state.ts';
import { countAttempt } from './throttle.ts';
import type { Viewer } from './viewer.ts';

/**
 * Makes an account for somebody at the door, as the registration setting allows: never, with an
 * invite, or freely. The place of the invite is taken in the transaction that makes the account, so
 * parallel joins never exceed it. Throws `forbidden`, `gone` (invite), `invalid` by field, `too_many`.
 */
export async function registerAccount(
  ctx: Context,
  input: NewAccount & { invite: string; address: string },
): Promise<Viewer> {
  checkDoor(ctx, input.invite);
  const account = checkCounted(ctx, input);
  const passwordHash = await hashPassword(account.password);
  return transaction(ctx.db, () => {
    checkDoor(ctx, input.invite);
    if (input.invite !== '' && !takePlace(ctx.db, hashSecret(input.invite), ctx.now())) {
      throw spentInvite();
    }
    return writeAccount(ctx, { ...account, role: 'member', passwordHash });
  });
}

/** Throws unless somebody with this invite (`''`: with none) may register now: `forbidden`, or `gone` for the invite. */
export function checkDoor(ctx: Pick<Context, 'config' | 'db' | 'now'>, invite: string): void {
  const registration = readRegistration(ctx);
  // Before set-up nobody can join: the first account must be the owner's.
  if (registration === 'closed' || !isSetUp(ctx.db)) {
    throw new AppError('forbidden', 'Nobody can make an account here at the moment.');
  }
  if (invite !== '') {
    if (!readInvite(ctx, invite)) throw spentInvite();
    return;
  }
  if (registration === 'invite') {
    throw new AppError('forbidden', 'An account here needs an invite link; please ask for one.');
  }
}

/**
 * Counts whoever makes an account (it costs a hash and a row) or learns whose address is known here;
 * honest slips of the hand cost nothing.
 */
function checkCounted(ctx: Context, input: NewAccount & { address: string }): NewAccount {
  const takeBack = countAttempt(ctx, { address: input.address });
  try {
    return checkNewAccount(ctx, input);
  } catch (error) {
    const told = error instanceof AppError && error.fields.email === EMAIL_TAKEN;
    if (!told) takeBack();
    throw error;
  }
}

function spentInvite(): AppError {
  return new AppError('gone', 'This invite is used up or too old; please ask for a fresh one.');
}
