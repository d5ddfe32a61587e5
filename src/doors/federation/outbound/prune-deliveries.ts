import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { deleteSigningKey } from '#domain/accounts/signing-key-queries.ts';
import {
  deleteLooseAudience,
  deleteOldActivities,
  deleteOldDeliveries,
  keepAudience,
  listIdleKeys,
} from './prune-queries.ts';

/** Milliseconds that an author sees where a post went. */
const KEPT = 30 * 24 * 3_600_000;
const AT_ONCE = 1000;

/**
 * Forgets deliveries that ended a month ago, and keys of accounts whose farewell is over; where a
 * post went stays known, for its edits and its end. Gives how many deliveries went.
 */
export async function pruneDeliveries(ctx: Context, signal?: AbortSignal): Promise<number> {
  const bound = { before: ctx.now() - KEPT, limit: AT_ONCE };
  const removed = await repeat(signal, () =>
    transaction(ctx.db, () => {
      keepAudience(ctx.db, bound);
      return deleteOldDeliveries(ctx.db, bound);
    }),
  );
  await repeat(signal, () => deleteOldActivities(ctx.db, bound));
  await repeat(signal, () => deleteLooseAudience(ctx.db, AT_ONCE));
  for (const accountId of listIdleKeys(ctx.db, AT_ONCE)) deleteSigningKey(ctx.db, accountId);
  return removed;
}

async function repeat(signal: AbortSignal | undefined, step: () => number): Promise<number> {
  let removed = 0;
  for (let count = AT_ONCE; count >= AT_ONCE; ) {
    signal?.throwIfAborted();
    count = step();
    removed += count;
    await Bun.sleep(0);
  }
  return removed;
}
