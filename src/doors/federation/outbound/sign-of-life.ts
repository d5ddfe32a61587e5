import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLive } from '#domain/emit-live.ts';
import { endPause, findTrouble } from './delivery-queries.ts';

/**
 * A server that failed has just sent something: it is back, so what waits for it is tried now, one
 * try first, since it still counts as failing. Costs a look where nothing is wrong. One that asked
 * for a pause (no failure) gets it.
 */
export function noteSignOfLife(ctx: Context, host: string): void {
  const { failures, retryAt } = findTrouble(ctx.db, host);
  if (failures === 0 || retryAt === null || retryAt <= ctx.now()) return;
  transaction(ctx.db, () => endPause(ctx.db, host, ctx.now()));
  emitLive(ctx, 'delivery.queued', {});
}
