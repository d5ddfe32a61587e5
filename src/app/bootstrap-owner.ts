import type { Context } from '#base/context.ts';
import { createAccount, type NewAccount } from '#domain/accounts/create-account.ts';
import { applyPreset } from '#domain/accounts/presets.ts';
import { isSetUp } from '#domain/accounts/setup-state.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readSetting } from '#domain/settings.ts';

/** Makes the owner that the variables describe (containers), once: nothing happens where there was one. */
export async function bootstrapOwner(ctx: Context): Promise<void> {
  const { owner } = ctx.config;
  if (owner === null || isSetUp(ctx.db)) return;
  const { name: username, email, password } = owner;
  await makeOwner(ctx, { username, email, password });
  ctx.log.info('The owner was made from the settings.', { username });
}

/** Makes the owner without the wizard; what the wizard would have set for the mode is set here. */
export async function makeOwner(ctx: Context, account: NewAccount): Promise<Viewer> {
  const owner = await createAccount(ctx, { ...account, role: 'owner' });
  applyPreset(ctx, readSetting(ctx, 'mode'), '');
  return owner;
}
