import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import { type AccountRow, findAccounts } from '#domain/accounts/queries.ts';
import {
  listReportedPosts,
  listReportNotes,
  listReports,
  type ReportRow,
} from '#domain/moderation/report-admin-queries.ts';
import { findPost } from '#domain/posts/queries.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { AdminPage, AdminReportRow, FormState } from '#doors/entities/page-types.ts';
import { statusesJson } from '#doors/entities/status.ts';
import { freshForm } from '#doors/http/forms.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { acctOf } from './find-profile.ts';

const REPORTS = 30;

/** The list of reports, the newest first. */
export function drawReports(ctx: Context, closed: boolean, page: Page): PageContent {
  const { maxId, minId } = page;
  const found = listReports(ctx.db, { closed, limit: REPORTS, maxId, minId });
  const more = (bounds: { maxId: number | null; minId: number | null }) =>
    listReports(ctx.db, { closed, limit: 1, ...bounds }).length > 0;
  const [first, last] = [found[0], found.at(-1)];
  const base = closed ? '/admin/reports?closed=1&' : '/admin/reports?';
  const people = peopleOf(ctx, found);
  return content({
    section: 'reports',
    closed,
    reports: found.map((report) => reportRow(ctx, report, people)),
    newer: first && more({ minId: first.id, maxId: null }) ? `${base}min_id=${first.id}` : null,
    older: last && more({ maxId: last.id, minId: null }) ? `${base}max_id=${last.id}` : null,
  });
}

/** One report with the posts it names, hidden or not, and what admins noted. */
export function drawReport(
  ctx: Context,
  report: ReportRow,
  form: FormState = freshForm(),
): PageContent {
  const notes = listReportNotes(ctx.db, report.id);
  const people = peopleOf(
    ctx,
    [report],
    notes.map(({ accountId }) => accountId),
  );
  const ids = listReportedPosts(ctx.db, report.id);
  const posts = ids.flatMap((id) => findPost(ctx.db, id) ?? []);
  const hidden = new Set(posts.filter(({ hiddenAt }) => hiddenAt !== null).map(({ id }) => id));
  const target = report.targetId === null ? undefined : people.get(report.targetId);
  return content({
    section: 'report',
    report: {
      ...reportRow(ctx, report, people),
      category: report.category,
      closedBy: report.closedBy === null ? null : nameOf(people, report.closedBy),
      targetSuspended: target !== undefined && target.suspendedAt !== null,
      content: statusesJson(ctx, posts).map((post) => ({
        post,
        hidden: hidden.has(Number(post.id)),
      })),
      notes: notes.map((note) => ({
        id: String(note.id),
        by: nameOf(people, note.accountId),
        text: note.text,
        at: new Date(note.createdAt).toISOString(),
      })),
    },
    form,
  });
}

type People = ReadonlyMap<number, AccountRow>;

function peopleOf(
  ctx: Context,
  reports: readonly ReportRow[],
  others: readonly (number | null)[] = [],
): People {
  const ids = reports.flatMap((each) => [each.reporterId, each.targetId, each.closedBy]);
  return findAccounts(
    ctx.db,
    [...new Set([...ids, ...others])].filter((id) => id !== null),
  );
}

function nameOf(people: People, id: number | null): string {
  const row = id === null ? undefined : people.get(id);
  return row ? `@${acctOf(row)}` : 'somebody who is gone';
}

function reportRow(ctx: Context, report: ReportRow, people: People): AdminReportRow {
  const target = report.targetId === null ? undefined : people.get(report.targetId);
  return {
    id: String(report.id),
    from: report.reporterDomain ?? nameOf(people, report.reporterId),
    target: target ? (accountsJson(ctx, [target])[0] ?? null) : null,
    comment: report.comment,
    posts: report.posts,
    createdAt: new Date(report.createdAt).toISOString(),
    closedAt: report.closedAt === null ? null : new Date(report.closedAt).toISOString(),
  };
}

function content(props: AdminPage): PageContent {
  return { page: 'admin', title: 'Admin', props };
}
