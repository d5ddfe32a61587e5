import type { Context } from '#base/context.ts';
import { createAccount } from '#domain/accounts/create-account.ts';
import { isSetUp } from '#domain/accounts/setup-state.ts';

/** Makes the owner that the variables describe (containers), once: nothing happens where there was one. */
export async function bootstrapOwner(ctx: Context): Promise<void> {
  const { owner } = ctx.config;
  if (owner === null || isSetUp(ctx.db)) return;
  const { name: username, email, password } = owner;
  await createAccount(ctx, { username, email, password, role: 'owner' });
  ctx.log.info('The owner was made from the settings.', { username });
}
