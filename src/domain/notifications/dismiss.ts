import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import {
  deleteAllNotifications,
  deleteGroup,
  deleteOwnNotification,
} from '#domain/notify/own-queries.ts';
import { GROUP_SPAN, type GroupName } from './reading.ts';

type Asker = Pick<Viewer, 'id'>;

/** Forgets one notification; false if the viewer has none with this id. */
export function dismissNotification(ctx: Context, viewer: Asker, id: number): boolean {
  return deleteOwnNotification(ctx.db, viewer.id, id);
}

/** Forgets everything that the viewer was told. */
export function clearNotifications(ctx: Context, viewer: Asker): void {
  deleteAllNotifications(ctx.db, viewer.id);
}

/** Forgets a group of notifications; false if there is none. */
export function dismissGroup(ctx: Context, viewer: Asker, name: GroupName): boolean {
  const { type, postId, span } = name;
  const [from, to] = [span * GROUP_SPAN, (span + 1) * GROUP_SPAN];
  return deleteGroup(ctx.db, { accountId: viewer.id, type, postId, from, to });
}
