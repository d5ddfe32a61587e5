import type { Context } from '#base/context.ts';
import { countDeliveries, type DeliveryState } from './outbound/panel-queries.ts';
import { countInbox, findOldestDelivery, type HostState, listWorstHosts } from './queue-queries.ts';

/** How the letters stand that come from other servers and go to them. Times in milliseconds. */
export type Queues = {
  inbox: { waiting: number; dead: number; oldestAt: number | null };
  deliveries: Record<DeliveryState, number>;
  /** When what waits longest to be sent was due. */
  oldestDeliveryAt: number | null;
  /** Servers to which something could not be brought, the worst first. */
  worst: HostState[];
};

const SHOWN = 10;

/** Reads how inbox and deliveries stand. */
export function readQueues(ctx: Pick<Context, 'db'>): Queues {
  const inbox = countInbox(ctx.db);
  const waiting = inbox.find((row) => row.state === 'waiting');
  const dead = inbox.find((row) => row.state === 'dead');
  return {
    inbox: {
      waiting: waiting?.count ?? 0,
      dead: dead?.count ?? 0,
      oldestAt: waiting?.oldestAt ?? null,
    },
    deliveries: countDeliveries(ctx.db, null),
    oldestDeliveryAt: findOldestDelivery(ctx.db),
    worst: listWorstHosts(ctx.db, SHOWN),
  };
}
