import type { Context } from '#base/context.ts';
import { countDeliveries, listOpenDeliveries, listTroubledHosts } from './panel-queries.ts';

const SHOWN = 100;

/** What waits or was given up, for the operator: to one server or to all, with the servers that fail. */
export function listDeliveries(ctx: Pick<Context, 'db'>, host: string | null) {
  return {
    counts: countDeliveries(ctx.db, host),
    hosts: listTroubledHosts(ctx.db, SHOWN).filter((each) => host === null || each.host === host),
    deliveries: listOpenDeliveries(ctx.db, host, SHOWN).map(({ id, ...view }) => ({
      id: String(id),
      ...view,
    })),
  };
}
