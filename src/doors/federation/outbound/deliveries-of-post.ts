import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLive } from '#domain/emit-live.ts';
import {
  type DeliveryView,
  listDeliveriesOfPost,
  reviveDeliveries,
  type Which,
} from './panel-queries.ts';

/** Where a post of this server arrived, where it waits and where it was given up: the newest word at each inbox. */
export function readDeliveries(ctx: Pick<Context, 'db'>, postId: number): DeliveryView[] {
  return listDeliveriesOfPost(ctx.db, postId);
}

/**
 * Tries everything at once that waits or was given up: of a post, for a server, or all (`{}`). Their
 * week begins anew. Gives how many deliveries that are.
 */
export function retryDeliveries(ctx: Context, which: Which): number {
  const revived = transaction(ctx.db, () => reviveDeliveries(ctx.db, which, ctx.now()));
  emitLive(ctx, 'delivery.queued', {});
  return revived;
}
