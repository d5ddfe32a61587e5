import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import type { NotificationType } from '#domain/notify/queries.ts';
import { VISIBLE, type ViewerParams, viewerParams } from '#domain/posts/reading.ts';
import { type Bounds, bounds, direction } from '#domain/posts/slice.ts';

type Asker = Pick<Viewer, 'id'>;

/** Something that a person was told; times in milliseconds. */
export type NotificationRow = {
  id: number;
  type: NotificationType;
  fromId: number | null;
  postId: number | null;
  reportId: number | null;
  createdAt: number;
};

/** Which notifications are asked for; empty lists mean all. */
export type NotificationFilter = {
  types?: readonly string[];
  exclude?: readonly string[];
  /** Only those that this account caused. */
  fromId?: number | null;
};

const COLUMNS = `n.id, n.type, n.from_id AS fromId, n.post_id AS postId,
  n.report_id AS reportId, n.created_at AS createdAt`;

/**
 * Whom a person still wants to hear of, and what they may still see: senders who were suspended,
 * blocked on either side, muted or hidden since then are left out, with posts that are out of sight.
 */
const TOLD = `(n.from_id IS NULL OR EXISTS (SELECT 1 FROM accounts x WHERE x.id = n.from_id
    AND x.suspended_at IS NULL AND x.deletion_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE account_id = $viewerId AND target_id = x.id)
    AND NOT EXISTS (SELECT 1 FROM blocks WHERE account_id = x.id AND target_id = $viewerId)
    AND NOT EXISTS (SELECT 1 FROM mutes mu WHERE mu.account_id = $viewerId
      AND mu.target_id = x.id AND mu.notifications = 1
      AND (mu.expires_at IS NULL OR mu.expires_at > $now))
    AND (x.domain IS NULL OR NOT EXISTS (SELECT 1 FROM hidden_domains hd
      WHERE hd.account_id = $viewerId AND hd.domain = x.domain))))
  AND (n.post_id IS NULL OR EXISTS (SELECT 1 FROM posts p JOIN accounts a ON a.id = p.account_id
    WHERE p.id = n.post_id AND ${VISIBLE}))`;

type Params = ViewerParams & { now: number };

function params(ctx: Context, viewer: Asker): Params {
  return { ...viewerParams(ctx, viewer), now: ctx.now() };
}

const FILTERED = `n.account_id = $viewerId
  AND ($types = '[]' OR n.type IN (SELECT value FROM json_each($types)))
  AND n.type NOT IN (SELECT value FROM json_each($exclude))
  AND ($fromId = 0 OR n.from_id = $fromId)`;

function filterParams({ types = [], exclude = [], fromId }: NotificationFilter) {
  return {
    types: JSON.stringify(types),
    exclude: JSON.stringify(exclude),
    fromId: fromId ?? 0,
  };
}

/** What a person was told, newest first, in one statement. */
export function listNotifications(
  ctx: Context,
  viewer: Asker,
  page: Page,
  filter: NotificationFilter = {},
): NotificationRow[] {
  const rows = ctx.db
    .query<NotificationRow, Params & Bounds & ReturnType<typeof filterParams>>(
      `SELECT ${COLUMNS} FROM notifications n INDEXED BY notifications_by_account
       WHERE ${FILTERED} AND n.id < $maxId AND n.id > $sinceId AND ${TOLD}
       ORDER BY n.id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...params(ctx, viewer), ...bounds(page), ...filterParams(filter) });
  return page.minId === null ? rows : rows.reverse();
}

/** One notification of the viewer, or null. */
export function findNotification(ctx: Context, viewer: Asker, id: number): NotificationRow | null {
  return ctx.db
    .query<NotificationRow, Params & { id: number }>(
      `SELECT ${COLUMNS} FROM notifications n
       WHERE n.id = $id AND n.account_id = $viewerId AND ${TOLD}`,
    )
    .get({ ...params(ctx, viewer), id });
}

/** How many are newer than where the viewer has read to; stops counting at `limit`. */
export function countUnread(
  ctx: Context,
  viewer: Asker,
  limit: number,
  filter: NotificationFilter = {},
): number {
  const row = ctx.db
    .query<{ n: number }, Params & { limit: number } & ReturnType<typeof filterParams>>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM notifications n INDEXED BY notifications_by_account
         WHERE ${FILTERED} AND n.id > ifnull((SELECT last_read_id FROM markers
           WHERE account_id = $viewerId AND timeline = 'notifications'), 0)
         AND ${TOLD} LIMIT $limit)`,
    )
    .get({ ...params(ctx, viewer), limit, ...filterParams(filter) });
  return row?.n ?? 0;
}

/** A group: one kind of news of one post within half a day, or of nothing in particular. */
export type GroupName = { type: string; postId: number; span: number };

/** Half a day (milliseconds): what is of one kind and one post within it stands together. */
export const GROUP_SPAN = 12 * 3_600_000;

const IN_GROUP = `n.account_id = $viewerId AND n.type = $type AND ifnull(n.post_id, 0) = $postId
  AND n.created_at >= $from AND n.created_at < $to`;

function groupParams({ type, postId, span }: GroupName) {
  return { type, postId, from: span * GROUP_SPAN, to: (span + 1) * GROUP_SPAN };
}

/** The notifications of one group, newest first. */
export function listGroup(
  ctx: Context,
  viewer: Asker,
  name: GroupName,
  page: Page,
): NotificationRow[] {
  const rows = ctx.db
    .query<NotificationRow, Params & Bounds & ReturnType<typeof groupParams>>(
      `SELECT ${COLUMNS} FROM notifications n
       WHERE ${IN_GROUP} AND n.id < $maxId AND n.id > $sinceId AND ${TOLD}
       ORDER BY n.id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...params(ctx, viewer), ...bounds(page), ...groupParams(name) });
  return page.minId === null ? rows : rows.reverse();
}

/** How many notifications each of some groups has, in one statement. */
export function countGroups(ctx: Context, viewer: Asker, names: readonly GroupName[]): number[] {
  return ctx.db
    .query<{ n: number }, Params & { names: string }>(
      `SELECT (SELECT count(*) FROM notifications n WHERE n.account_id = $viewerId
         AND n.type = j.value ->> 'type' AND ifnull(n.post_id, 0) = j.value ->> 'postId'
         AND n.created_at >= (j.value ->> 'span') * ${GROUP_SPAN}
         AND n.created_at < ((j.value ->> 'span') + 1) * ${GROUP_SPAN} AND ${TOLD}) AS n
       FROM json_each($names) j ORDER BY j.key`,
    )
    .all({ ...params(ctx, viewer), names: JSON.stringify(names) })
    .map((row) => row.n);
}
