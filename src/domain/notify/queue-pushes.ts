import type { Context } from '#base/context.ts';
import { queueJob } from '#domain/queue-job.ts';
import { listBrowserPushOf, listPushOf } from './push-queries.ts';
import type { NotificationType } from './queries.ts';

/**
 * Has everybody told by push who wants to hear of a notification, inside the transaction that makes
 * it: one job each, so that a push service that fails is asked again alone.
 */
export function queuePushes(
  ctx: Context,
  news: { notificationId: number; accountId: number; type: NotificationType },
): void {
  const { notificationId, accountId, type } = news;
  for (const { id, alerts } of listPushOf(ctx.db, accountId)) {
    if ((JSON.parse(alerts) as Record<string, boolean>)[type] !== true) continue;
    queueJob(ctx, 'push.send', { notificationId, accountId, subscriptionId: id });
  }
  for (const sessionId of listBrowserPushOf(ctx.db, accountId)) {
    queueJob(ctx, 'push.send', { notificationId, accountId, sessionId });
  }
}
