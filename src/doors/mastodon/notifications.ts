import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { clearNotifications, dismissNotification } from '#domain/notifications/dismiss.ts';
import {
  countUnread,
  findNotification,
  listNotifications,
  type NotificationFilter,
} from '#domain/notifications/reading.ts';
import { notificationsJson, notificationsText } from '#doors/entities/notification.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { idField, listField, parseInput, textField } from '#doors/http/fields.ts';
import { jsonText } from '#doors/http/json-text.ts';
import { linkHeader, readPage } from '#doors/http/links.ts';

/** Which notifications apps ask for. */
export const notificationQuery = v.object({
  types: v.nullish(listField(textField(60), 50)),
  exclude_types: v.nullish(listField(textField(60), 50)),
  account_id: v.nullish(v.union([v.literal(''), idField()])),
});

/** Reads which kinds of news, and from whom, are asked for. */
export function readNotificationFilter(query: unknown): NotificationFilter {
  const said = parseInput(notificationQuery, query);
  return {
    types: said.types ?? [],
    exclude: said.exclude_types ?? [],
    fromId: said.account_id || null,
  };
}

/** How many unread ones are counted: as many as asked for, at most a thousand. */
export function readUnreadLimit(query: Readonly<Record<string, unknown>>): number {
  return readPage(query, { default: 100, max: 1000 }).limit;
}

/** What a person was told (docs.joinmastodon.org/methods/notifications). */
export const notifications = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.notifications' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/notifications',
      ({ request, viewer }) => {
        const query = readQuery(request);
        const page = readPage(query, { default: 40, max: 80 });
        const rows = listNotifications(ctx, viewer, page, readNotificationFilter(query));
        const ids = rows.map((row) => row.id);
        const link = linkHeader(ctx, request, page, ids);
        const text = notificationsText(ctx, viewer, rows);
        return jsonText(text, link === null ? {} : { link });
      },
      reads(),
    )
    .get(
      '/api/v1/notifications/unread_count',
      ({ request, viewer }) => {
        const query = readQuery(request);
        const filter = readNotificationFilter(query);
        return Response.json({ count: countUnread(ctx, viewer, readUnreadLimit(query), filter) });
      },
      reads(),
    )
    .get(
      '/api/v1/notifications/:id',
      ({ request, viewer, params }) => {
        const id = parseId(params.id);
        const row = id === null ? null : findNotification(ctx, viewer, id);
        const [found] = row ? notificationsJson(ctx, viewer, [row]) : [];
        if (!found) throw notFound(request);
        return Response.json(found);
      },
      reads(),
    )
    .post(
      '/api/v1/notifications/clear',
      ({ viewer }) => {
        clearNotifications(ctx, viewer);
        return Response.json({});
      },
      writes(),
    )
    .post(
      '/api/v1/notifications/:id/dismiss',
      ({ request, viewer, params }) => dismiss(ctx, request, viewer, params.id),
      writes(),
    )
    // The first version of it, which asks with the id in the body.
    .post(
      '/api/v1/notifications/dismiss',
      async ({ request, viewer }) => {
        const { id } = parseInput(v.object({ id: idField() }), await readBody(request));
        return dismiss(ctx, request, viewer, String(id));
      },
      writes(),
    );

/** Nothing is held back: everybody may tell everybody, and says so truthfully. */
export const notificationPolicy = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.notification-policy' })
    .use(authPlugin(ctx))
    .get('/api/v2/notifications/policy', () => Response.json(POLICY), reads())
    .patch('/api/v2/notifications/policy', refusePolicy, writes())
    .put('/api/v2/notifications/policy', refusePolicy, writes())
    .get('/api/v1/notifications/requests', () => Response.json([]), reads())
    .get('/api/v1/notifications/requests/merged', () => Response.json({ merged: true }), reads())
    .get('/api/v1/notifications/requests/:id', refuseRequest, reads())
    .post('/api/v1/notifications/requests/:id/accept', refuseRequest, writes())
    .post('/api/v1/notifications/requests/:id/dismiss', refuseRequest, writes());

const POLICY = {
  for_not_following: 'accept',
  for_not_followers: 'accept',
  for_new_accounts: 'accept',
  for_private_mentions: 'accept',
  for_limited_accounts: 'accept',
  summary: { pending_requests_count: 0, pending_notifications_count: 0 },
} as const;

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:notifications', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'write:notifications', parse: 'none' }) as const;

function refusePolicy(): never {
  throw new AppError('invalid', 'Notifications cannot be held back here; mute people instead.');
}

function refuseRequest({ request }: { request: Request }): never {
  throw notFound(request);
}

function dismiss(ctx: Context, request: Request, viewer: { id: number }, text: string): Response {
  const id = parseId(text);
  if (id === null || !dismissNotification(ctx, viewer, id)) throw notFound(request);
  return Response.json({});
}
