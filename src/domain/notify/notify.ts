import type { Context } from '#base/context.ts';
import { emitLater } from '#domain/emit-live.ts';
import { deleteNotification, insertNotification, type NotificationType } from './queries.ts';
import { queuePushes } from './queue-pushes.ts';

/** Something that somebody may want to know. */
type News = {
  /** Who is told; an account elsewhere is told by its own server. */
  accountId: number;
  type: NotificationType;
  fromId?: number | null;
  postId?: number | null;
  reportId?: number | null;
};

/**
 * Tells an account of something, once, inside the transaction in which it happened; nobody hears of
 * the own acts, of blocked or suspended people, or of limited ones that they do not follow.
 */
export function notify(ctx: Context, news: News): void {
  const id = ctx.newId();
  if (insertNotification(ctx.db, { ...rowOf(news), id, now: ctx.now() })) {
    queuePushes(ctx, { notificationId: id, accountId: news.accountId, type: news.type });
    emitLater(ctx, 'notification.made', { notificationId: id, accountId: news.accountId });
  }
}

/** Takes back what was told, because it is not so any more; only inside the caller's transaction. */
export function takeBack(ctx: Pick<Context, 'db'>, news: News): void {
  deleteNotification(ctx.db, rowOf(news));
}

function rowOf({ accountId, type, fromId = null, postId = null, reportId = null }: News) {
  return { accountId, type, fromId, postId, reportId };
}
