import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { firstPage } from '#base/core/page.ts';
import { markRead } from '#domain/accounts/mark-read.ts';
import { findMarkers } from '#domain/accounts/marker-queries.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import { isAdmin, type Viewer } from '#domain/accounts/viewer.ts';
import { clearNotifications } from '#domain/notifications/dismiss.ts';
import { listGroups, type NotificationGroup } from '#domain/notifications/groups.ts';
import { listPeople } from '#domain/relationships/reading.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { dateTime } from '#doors/entities/dates.ts';
import type { NewsRow, NotificationsPage } from '#doors/entities/social-page-types.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { filterPosts } from './filter-posts.ts';
import { formText } from './form-fields.ts';
import { personRows } from './standing.ts';

const GROUPS = 30;
const FACES = 8;
const readSchema = v.object({ last: formText() });

/** `/notifications`: what happened around the viewer, what belongs together in one line. */
export const notificationsPage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.notifications' })
    .use(authPlugin(ctx))
    .get(
      '/notifications',
      ({ request, caller, viewer }) => {
        const props = readNews(ctx, viewer, request);
        return showPage(
          ctx,
          request,
          { page: 'notifications', title: 'Notifications', props },
          { caller },
        );
      },
      { signedIn: 'read:notifications', parse: 'none' },
    )
    .post(
      '/notifications/read',
      async ({ request, viewer }) => {
        const last = parseId(v.parse(readSchema, await readBody(request)).last);
        if (last !== null) markRead(ctx, viewer, [{ timeline: 'notifications', lastReadId: last }]);
        return redirectTo(ctx, request, '/notifications');
      },
      { signedIn: 'write:notifications', parse: 'none' },
    )
    .post(
      '/notifications/clear',
      ({ request, viewer }) => {
        clearNotifications(ctx, viewer);
        return redirectTo(ctx, request, '/notifications', {
          kind: 'done',
          text: 'The list is empty now.',
        });
      },
      { signedIn: 'write:notifications', parse: 'none' },
    );

function readNews(ctx: Context, viewer: Viewer, request: Request): NotificationsPage {
  const page = { ...readPage(readQuery(request)), limit: GROUPS, minId: null, sinceId: null };
  const filter = { exclude: ['follow_request', ...(isAdmin(viewer) ? [] : ADMINS)] };
  const { groups, first, last, full } = listGroups(ctx, viewer, page, filter);
  const marker = findMarkers(ctx.db, viewer.id).find((row) => row.timeline === 'notifications');
  const read = marker?.lastReadId ?? 0;
  const top = page.maxId === null;
  const asking = top ? listPeople(ctx.db, 'requests', viewer.id, firstPage(5), viewer.id) : [];
  const rows = findAccounts(ctx.db, asking);
  return {
    rows: drawRows(ctx, viewer, groups, read),
    requests: personRows(
      ctx,
      viewer,
      asking.flatMap((id) => rows.get(id) ?? []),
    ),
    last: top && first !== null && first > read ? String(first) : null,
    newer: top ? null : '/notifications',
    older: full && last !== null ? `/notifications?max_id=${last}` : null,
  };
}

const ADMINS = ['admin.report', 'admin.sign_up'];

/** Many groups at once: one statement for all people, one for all posts. */
function drawRows(
  ctx: Context,
  viewer: Viewer,
  groups: readonly NotificationGroup[],
  read: number,
): NewsRow[] {
  const items = groups.flatMap((group) => group.items);
  const ids = [...new Set(items.flatMap((item) => item.fromId ?? []))];
  const people = new Map(
    accountsJson(ctx, [...findAccounts(ctx.db, ids).values()]).map((account) => [
      Number(account.id),
      account,
    ]),
  );
  const postIds = [...new Set(items.flatMap((item) => item.postId ?? []))];
  const readable = statusesByIds(ctx, viewer, postIds);
  const left = filterPosts(ctx, viewer, 'notifications', readable);
  const posts = new Map(left.map((post) => [Number(post.id), post]));
  const sifted = new Set(readable.flatMap(({ id }) => (posts.has(Number(id)) ? [] : Number(id))));
  return groups.flatMap(({ key, count, items: [newest, ...rest] }) => {
    if (!newest || sifted.has(newest.postId ?? 0)) return [];
    const from = [newest, ...rest].flatMap((item) => people.get(item.fromId ?? 0) ?? []);
    return [
      {
        key,
        type: newest.type,
        people: from.slice(0, FACES),
        count: Math.max(count, from.length),
        post: posts.get(newest.postId ?? 0) ?? null,
        reportId: newest.reportId === null ? null : String(newest.reportId),
        at: dateTime(newest.createdAt),
        fresh: newest.id > read,
      },
    ];
  });
}
