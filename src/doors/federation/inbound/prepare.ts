import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import type { Apply } from './handler.ts';
import { handlers } from './handlers.ts';
import type { InboxRow } from './inbox-queries.ts';
import { normaliseActivity } from './normalise.ts';
import { parseActivity } from './parse-activity.ts';

/**
 * Does the slow part of an activity's work and answers what is left to write; null if that is
 * nothing, because nobody here cares, or because its sender was blocked meanwhile. Throws what is
 * worth another try.
 */
export async function prepareItem(ctx: Context, item: InboxRow): Promise<Apply | null> {
  const signer = findAccount(ctx.db, item.signerId);
  if (!signer || signer.suspendedAt !== null) return null;
  if (policyOf(ctx, item.domain) === 'blocked') return null;
  const activity = normaliseActivity(parseActivity(item.body));
  if ('problem' in activity || activity.actor !== signer.uri) return null;
  const handle = handlers.get(activity.type);
  if (handle === undefined) return null;
  const circumstances = { verified: item.verified === 1, attempts: item.attempts };
  if (!circumstances.verified && activity.type !== 'Delete') return null;
  try {
    return await handle(ctx, activity, signer, circumstances);
  } catch (error) {
    // What the domain refuses it will refuse again.
    if (error instanceof AppError && error.kind !== 'unavailable') return null;
    throw error;
  }
}
