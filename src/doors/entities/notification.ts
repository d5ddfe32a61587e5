import type { Context } from '#base/context.ts';
import { type AccountRow, findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { hasFilters } from '#domain/filters/match.ts';
import { findReports, type ReportedRow } from '#domain/moderation/reported-queries.ts';
import { groupKeyOf, type NotificationGroup } from '#domain/notifications/groups.ts';
import type { NotificationRow } from '#domain/notifications/reading.ts';
import { accountsJson } from './account.ts';
import { dateTime } from './dates.ts';
import { applyFilters } from './filtered.ts';
import { rememberText } from './remember-text.ts';
import { statusesByIds } from './status-cache.ts';
import type { AccountJson, StatusJson } from './types.ts';

/** What Mastodon calls Report, as far as a notification tells it. */
type ReportJson = {
  id: string;
  action_taken: boolean;
  action_taken_at: string | null;
  category: string;
  comment: string;
  forwarded: boolean;
  created_at: string;
  status_ids: string[];
  rule_ids: string[];
  target_account: AccountJson;
};

/** Something that the viewer was told (Mastodon's Notification). */
export type NotificationJson = {
  id: string;
  type: string;
  created_at: string;
  group_key: string;
  account: AccountJson;
  status?: StatusJson | null;
  report?: ReportJson;
};

/** What several notifications are about, read once. */
type About = {
  people: Map<number, AccountJson>;
  posts: Map<number, StatusJson>;
  reports: Map<number, ReportJson>;
};

/**
 * Notifications as apps read them, in the order given; the same number of statements for any number.
 * Those about a post that a filter hides are left out.
 */
export function notificationsJson(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  rows: readonly NotificationRow[],
): NotificationJson[] {
  const about = readAbout(ctx, viewer, rows);
  const own = about.people.get(viewer.id);
  return rows.flatMap((row) => {
    const account = row.fromId === null ? own : about.people.get(row.fromId);
    const status = row.postId === null ? undefined : about.posts.get(row.postId);
    if (!account || (row.postId !== null && !status)) return [];
    const report = row.reportId === null ? undefined : about.reports.get(row.reportId);
    const base = { id: String(row.id), type: row.type, created_at: dateTime(row.createdAt) };
    return [
      {
        ...base,
        group_key: groupKeyOf(row),
        account,
        ...(status ? { status } : {}),
        ...(report ? { report } : {}),
      },
    ];
  });
}

/** The same as JSON text of the whole list, remembered for those who filter nothing. */
export function notificationsText(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  rows: readonly NotificationRow[],
): string {
  const build = () => JSON.stringify(notificationsJson(ctx, viewer, rows));
  if (hasFilters(ctx, viewer)) return build();
  return rememberText(ctx, `news ${viewer.id} ${rows.map((row) => row.id).join()}`, build);
}

function readAbout(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  rows: readonly NotificationRow[],
): About {
  const reportIds = rows.flatMap((row) => row.reportId ?? []);
  const reported = reportIds.length === 0 ? [] : findReports(ctx.db, reportIds);
  const accounts = findAccounts(ctx.db, [
    ...new Set(rows.map((row) => row.fromId ?? viewer.id)),
    ...reported.map((report) => report.targetId),
  ]);
  const people = peopleOf(ctx, accounts);
  const postIds = [...new Set(rows.flatMap((row) => row.postId ?? []))];
  const shown = applyFilters(ctx, viewer, 'notifications', statusesByIds(ctx, viewer, postIds));
  return {
    people,
    posts: new Map(shown.map((status) => [Number(status.id), status])),
    reports: new Map(
      reported.flatMap((report) => {
        const target = people.get(report.targetId);
        return target ? [[report.id, reportJson(report, target)] as const] : [];
      }),
    ),
  };
}

function peopleOf(ctx: Context, rows: Map<number, AccountRow>): Map<number, AccountJson> {
  const list = accountsJson(ctx, [...rows.values()]);
  return new Map(list.map((account) => [Number(account.id), account]));
}

function reportJson(row: ReportedRow, target: AccountJson): ReportJson {
  return {
    id: String(row.id),
    action_taken: row.closedAt !== null,
    action_taken_at: row.closedAt === null ? null : dateTime(row.closedAt),
    category: row.category,
    comment: row.comment,
    forwarded: row.forwarded !== 0,
    created_at: dateTime(row.createdAt),
    status_ids: (JSON.parse(row.postIds) as number[]).map(String),
    rule_ids: [],
    target_account: target,
  };
}

/** A page of notifications that belong together (Mastodon's GroupedNotificationsResults). */
export type GroupedNotificationsJson = {
  accounts: AccountJson[];
  statuses: StatusJson[];
  notification_groups: {
    group_key: string;
    notifications_count: number;
    type: string;
    most_recent_notification_id: string;
    page_min_id: string;
    page_max_id: string;
    latest_page_notification_at: string;
    sample_account_ids: string[];
    status_id?: string;
    report?: ReportJson;
  }[];
};

/** People of a group that are shown by name. */
const SAMPLE = 8;

/** Groups as apps read them: every person and post once. */
export function groupedNotificationsJson(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  groups: readonly NotificationGroup[],
): GroupedNotificationsJson {
  const sampled = groups.map((group) => ({ ...group, sample: group.items.slice(0, SAMPLE) }));
  const about = readAbout(
    ctx,
    viewer,
    sampled.flatMap(({ sample }) => sample),
  );
  const shown = sampled.filter(({ items }) => {
    const postId = items[0]?.postId ?? null;
    return postId === null || about.posts.has(postId);
  });
  return {
    accounts: [...about.people.values()],
    statuses: [...about.posts.values()],
    notification_groups: shown.flatMap(({ key, count, items, sample }) => {
      const [newest] = items;
      const oldest = items.at(-1);
      if (!newest || !oldest) return [];
      const report = newest.reportId === null ? undefined : about.reports.get(newest.reportId);
      return [
        {
          group_key: key,
          notifications_count: count,
          type: newest.type,
          most_recent_notification_id: String(newest.id),
          page_min_id: String(oldest.id),
          page_max_id: String(newest.id),
          latest_page_notification_at: dateTime(newest.createdAt),
          sample_account_ids: sample.map((row) => String(row.fromId ?? viewer.id)),
          ...(newest.postId === null ? {} : { status_id: String(newest.postId) }),
          ...(report ? { report } : {}),
        },
      ];
    }),
  };
}
