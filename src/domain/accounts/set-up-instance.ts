import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { hashPassword } from '#base/platform/passwords.ts';
import { readSetting } from '#domain/settings.ts';
import { checkNewAccount, type NewAccount, writeAccount } from './create-account.ts';
import { applyPreset, type Mode } from './presets.ts';
import { checkSetupCode } from './setup-code.ts';
import type { Viewer } from './viewer.ts';

/**
 * Makes the owner and the first settings in one transaction, in which the code is looked at again:
 * of two clients with the same code one wins. Throws `gone` once there was an owner, `forbidden` for
 * a wrong code (which costs one of five tries), `invalid` with mistakes by field (which does not).
 */
export async function setUpInstance(
  ctx: Context,
  input: NewAccount & { code: string; mode: Mode; instanceName: string },
): Promise<Viewer> {
  checkSetupCode(ctx, input.code);
  if (input.instanceName.trim().length > 60) {
    const sentence = 'The name of this place has at most 60 characters.';
    throw new AppError('invalid', sentence, { fields: { instance_name: sentence } });
  }
  const account = checkNewAccount(ctx, input);
  const passwordHash = await hashPassword(account.password);
  return transaction(ctx.db, () => {
    checkSetupCode(ctx, input.code);
    const mode = ctx.config.pinned.mode === undefined ? input.mode : readSetting(ctx, 'mode');
    applyPreset(ctx, mode, input.instanceName);
    return writeAccount(ctx, { ...account, role: 'owner', passwordHash });
  });
}
