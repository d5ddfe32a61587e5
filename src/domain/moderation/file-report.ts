import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { federate } from '#domain/federate.ts';
import { notify } from '#domain/notify/notify.ts';
import { cleanText } from '#domain/posts/caption.ts';
import {
  addReportPosts,
  countOpenFrom,
  findOpenReport,
  insertReport,
  listAdminIds,
} from './report-queries.ts';

/** Open reports that one server can have here; the next are dropped (T27). */
const MOST_FROM_ONE = 100;
const MOST_POSTS = 20;
const MOST_TEXT = 1000;
const CATEGORIES = ['spam', 'legal', 'violation', 'other'] as const;

/** Somebody thinks that admins should look at an account. */
type Report = {
  /** Id of the Flag, from another server. */
  uri?: string | null;
  /** null: a server that names nobody. */
  reporterId: number | null;
  /** Server that it came from; null: from here. */
  reporterDomain: string | null;
  targetId: number;
  /** Posts of the target; others are left out. */
  postIds: readonly number[];
  comment: string;
  category?: string;
  /** Also tell the target's own server, without saying who reported. */
  forward?: boolean;
};

/**
 * Stores a report and tells the admins; nothing else ever happens by itself (T27). While one from the
 * same side about the same account is open, the posts are added to that. Answers its id, or null
 * when it was dropped. Throws `not_found` for a local report about nobody.
 */
export function fileReport(ctx: Context, report: Report): number | null {
  return transaction(ctx.db, () => {
    const { reporterId, reporterDomain, targetId } = report;
    const target = findAccount(ctx.db, targetId);
    const isLocal = reporterDomain === null;
    if (!target || (!isLocal && target.uri !== null)) {
      if (isLocal) throw new AppError('not_found', 'There is no such account.');
      return null;
    }
    const postIds = report.postIds.slice(0, MOST_POSTS);
    const open = findOpenReport(ctx.db, { reporterId, reporterDomain, targetId });
    if (open !== null) {
      addReportPosts(ctx.db, { id: open, targetId }, postIds);
      return open;
    }
    if (reporterDomain !== null && countOpenFrom(ctx.db, reporterDomain) >= MOST_FROM_ONE) {
      return null;
    }
    const id = ctx.newId();
    const forwards = report.forward === true && target.uri !== null;
    const row = { id, uri: report.uri ?? null, reporterId, reporterDomain, targetId };
    const said = { ...wordsOf(report), forwarded: Number(forwards), now: ctx.now() };
    if (!insertReport(ctx.db, { ...row, ...said }, postIds)) return null;
    for (const accountId of listAdminIds(ctx.db)) {
      notify(ctx, { accountId, type: 'admin.report', reportId: id });
    }
    if (forwards) federate(ctx, { what: 'flag', reportId: id });
    return id;
  });
}

function wordsOf({ comment, category }: Report) {
  return {
    comment: [...cleanText(comment).slice(0, 4 * MOST_TEXT)].slice(0, MOST_TEXT).join(''),
    category: CATEGORIES.find((each) => each === category) ?? 'other',
  };
}
