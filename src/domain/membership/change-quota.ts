import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { requireManageable } from '#domain/accounts/actors.ts';
import type { Actor } from '#domain/accounts/viewer.ts';
import { setQuota } from '#domain/storage/set-quota.ts';

/** Gives an account a quota of its own in bytes; 0: no limit, null: the one for everybody. */
export function changeQuota(
  ctx: Context,
  actor: Actor,
  accountId: number,
  quotaBytes: number | null,
): void {
  requireManageable(ctx, actor, accountId);
  if (quotaBytes !== null && !(Number.isSafeInteger(quotaBytes) && quotaBytes >= 0)) {
    const sentence = 'A storage limit is a size like 5GB, or nothing for no limit.';
    throw new AppError('invalid', sentence, { fields: { quota: sentence } });
  }
  setQuota(ctx, accountId, quotaBytes);
}
