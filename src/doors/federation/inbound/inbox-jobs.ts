import type { Context } from '#base/context.ts';
import { emitLive } from '#domain/emit-live.ts';
import { listTroubledItems, reviveItems } from './inbox-queries.ts';

/** How activities are called among the jobs. */
export const INBOX_KIND = 'federation.inbox';

/** Activities that failed at least once, or wait, as `tintype jobs` shows them: the newest `limit`. */
export function listInboxJobs(
  ctx: Pick<Context, 'db'>,
  filter: { state: 'waiting' | 'running' | 'dead' | null; limit: number },
) {
  if (filter.state === 'running') return [];
  return listTroubledItems(ctx.db, { state: filter.state, limit: filter.limit }).map((item) => ({
    ...item,
    id: String(item.id),
    kind: INBOX_KIND,
  }));
}

/** Has dead activities tried again, one by its id or all (null); says how many. */
export function retryInboxJobs(ctx: Context, id: number | null): number {
  const revived = reviveItems(ctx.db, { id, now: ctx.now() });
  if (revived > 0) emitLive(ctx, 'inbox.queued', {});
  return revived;
}
