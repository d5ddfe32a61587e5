import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { dismissGroup, dismissNotification } from '#domain/notifications/dismiss.ts';
import {
  groupKeyOf,
  listGroups,
  type NotificationGroup,
  parseGroupKey,
} from '#domain/notifications/groups.ts';
import {
  countGroups,
  countUnread,
  findNotification,
  listGroup,
  type NotificationRow,
} from '#domain/notifications/reading.ts';
import { groupedNotificationsJson } from '#doors/entities/notification.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { linkHeader, readPage } from '#doors/http/links.ts';
import { accountPage } from './answers.ts';
import { readNotificationFilter, readUnreadLimit } from './notifications.ts';

/** The same, with what belongs together in groups (docs.joinmastodon.org/methods/grouped_notifications). */
export const groupedNotifications = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.grouped-notifications' })
    .use(authPlugin(ctx))
    .get(
      '/api/v2/notifications',
      ({ request, viewer }) => {
        const query = readQuery(request);
        const page = readPage(query, { default: 40, max: 80 });
        const found = listGroups(ctx, viewer, page, readNotificationFilter(query));
        const link = linkOf(ctx, request, page, found);
        const json = groupedNotificationsJson(ctx, viewer, found.groups);
        return Response.json(json, link === null ? {} : { headers: { link } });
      },
      reads(),
    )
    .get(
      '/api/v2/notifications/unread_count',
      ({ request, viewer }) => {
        const query = readQuery(request);
        const filter = readNotificationFilter(query);
        return Response.json({ count: countUnread(ctx, viewer, readUnreadLimit(query), filter) });
      },
      reads(),
    )
    .get(
      '/api/v2/notifications/:group_key',
      ({ request, viewer, params }) => {
        const group = findGroup(ctx, viewer, params.group_key, readPage({}));
        if (!group) throw notFound(request);
        return Response.json(groupedNotificationsJson(ctx, viewer, [group]));
      },
      reads(),
    )
    .get(
      '/api/v2/notifications/:group_key/accounts',
      ({ request, viewer, params }) => {
        const page = readPage(readQuery(request), { default: 40, max: 80 });
        const group = findGroup(ctx, viewer, params.group_key, page);
        if (!group) throw notFound(request);
        const ids = group.items.flatMap((row) => row.fromId ?? []);
        return accountPage(ctx, request, page, ids);
      },
      reads(),
    )
    .post(
      '/api/v2/notifications/:group_key/dismiss',
      ({ request, viewer, params }) => {
        const name = parseGroupKey(params.group_key);
        const gone =
          name !== null &&
          ('id' in name
            ? dismissNotification(ctx, viewer, name.id)
            : dismissGroup(ctx, viewer, name));
        if (!gone) throw notFound(request);
        return Response.json({});
      },
      { signedIn: 'write:notifications', parse: 'none' },
    );

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:notifications', parse: 'none' }) as const;

/** Pages go on by the last notification that was looked at, however many made one group. */
function linkOf(
  ctx: Context,
  request: Request,
  page: Page,
  found: { first: number | null; last: number | null; full: boolean },
): string | null {
  if (found.first === null || found.last === null) return null;
  const between = new Array<number>(Math.max(0, page.limit - 2)).fill(found.last);
  const link = linkHeader(ctx, request, page, [found.first, ...between, found.last]);
  return found.full || link === null ? link : link.slice(link.lastIndexOf('<'));
}

function findGroup(
  ctx: Context,
  viewer: Viewer,
  key: string,
  page: Page,
): NotificationGroup | null {
  const name = parseGroupKey(key);
  if (name === null) return null;
  const items = 'id' in name ? loneItem(ctx, viewer, name.id) : listGroup(ctx, viewer, name, page);
  const [newest] = items;
  if (!newest || groupKeyOf(newest) !== key) return null;
  const [count = 1] = 'id' in name ? [1] : countGroups(ctx, viewer, [name]);
  return { key, count, items };
}

function loneItem(ctx: Context, viewer: Viewer, id: number): NotificationRow[] {
  const row = findNotification(ctx, viewer, id);
  return row ? [row] : [];
}
