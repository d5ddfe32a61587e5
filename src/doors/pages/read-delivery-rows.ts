import type { Context } from '#base/context.ts';
import type { DeliveryRow } from '#doors/entities/page-types.ts';
import { readDeliveries } from '#doors/federation/outbound/deliveries-of-post.ts';

const RANK = { given_up: 2, waiting: 1, delivered: 0 } as const;

/**
 * Where a post went, one line a server: the worst of what was sent there about it counts, so that a
 * lost edit is not hidden behind a post that arrived.
 */
export function readDeliveryRows(ctx: Context, postId: number): DeliveryRow[] {
  const rows = new Map<string, DeliveryRow>();
  for (const delivery of readDeliveries(ctx, postId)) {
    const { host, state, attempts, nextAt, lastStatus, lastError } = delivery;
    const before = rows.get(host);
    if (before && RANK[before.state] >= RANK[state]) continue;
    rows.set(host, {
      host,
      state,
      attempts,
      nextAt: state !== 'waiting' || nextAt === null ? null : new Date(nextAt).toISOString(),
      answer: lastError ?? (lastStatus === null ? null : `${host} answered ${lastStatus}.`),
    });
  }
  return [...rows.values()].sort((one, other) => (one.host < other.host ? -1 : 1));
}
