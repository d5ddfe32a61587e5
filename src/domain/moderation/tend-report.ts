import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { requireAdmin } from '#domain/accounts/actors.ts';
import type { Actor } from '#domain/accounts/viewer.ts';
import {
  findReport,
  insertReportNote,
  type ReportRow,
  updateReportClosed,
} from './report-admin-queries.ts';

const MOST = 2000;

/** One report for an admin. Throws `forbidden`, `not_found`. */
export function readReport(ctx: Pick<Context, 'db'>, actor: Actor, id: number): ReportRow {
  requireAdmin(actor);
  const report = findReport(ctx.db, id);
  if (!report) throw new AppError('not_found', 'There is no such report.');
  return report;
}

/** Adds a note that admins alone see. Throws `invalid` for an empty or a very long one. */
export function noteReport(ctx: Context, actor: Actor, id: number, text: string): void {
  const clean = text.trim();
  if (clean === '') throw new AppError('invalid', 'Write what you want to note.');
  if ([...clean].length > MOST) throw new AppError('invalid', `At most ${MOST} characters.`);
  transaction(ctx.db, () => {
    readReport(ctx, actor, id);
    insertReportNote(ctx.db, {
      id: ctx.newId(),
      reportId: id,
      accountId: actor === 'console' ? null : actor.id,
      text: clean,
      now: ctx.now(),
    });
  });
}

/** Closes a report, or opens it again; nothing else happens by that. */
export function closeReport(ctx: Context, actor: Actor, id: number, closed: boolean): void {
  transaction(ctx.db, () => {
    const report = readReport(ctx, actor, id);
    if ((report.closedAt !== null) === closed) return;
    updateReportClosed(ctx.db, {
      id,
      closedAt: closed ? ctx.now() : null,
      closedBy: !closed || actor === 'console' ? null : actor.id,
    });
  });
}
