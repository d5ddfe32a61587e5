import type { Database } from 'bun:sqlite';

export type ReportRow = {
  id: number;
  reporterId: number | null;
  /** null: from somebody of this server. */
  reporterDomain: string | null;
  targetId: number | null;
  comment: string;
  category: string;
  posts: number;
  createdAt: number;
  closedAt: number | null;
  closedBy: number | null;
};
export type ReportNote = { id: number; accountId: number | null; text: string; createdAt: number };

const COLUMNS = `id, reporter_id AS reporterId, reporter_domain AS reporterDomain,
  target_id AS targetId, comment, category, created_at AS createdAt, closed_at AS closedAt,
  closed_by AS closedBy,
  (SELECT count(*) FROM report_posts WHERE report_id = reports.id) AS posts`;

/** A page of reports, the newest first; `minId` asks for the page just above it. */
export function listReports(
  db: Database,
  page: {
    closed: boolean;
    limit: number;
    maxId: number | null;
    minId: number | null;
    /** Only from this account. */
    reporterId?: number | undefined;
    /** Only about this account. */
    targetId?: number | undefined;
  },
): ReportRow[] {
  const upwards = page.minId !== null;
  const rows = db
    .query<ReportRow, Record<string, number | null>>(
      `SELECT ${COLUMNS} FROM reports
       WHERE closed_at IS ${page.closed ? 'NOT NULL' : 'NULL'} AND id < $maxId AND id > $minId
         AND ($reporterId IS NULL OR reporter_id = $reporterId)
         AND ($targetId IS NULL OR target_id = $targetId)
       ORDER BY id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      limit: page.limit,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      minId: page.minId ?? 0,
      reporterId: page.reporterId ?? null,
      targetId: page.targetId ?? null,
    });
  return upwards ? rows.reverse() : rows;
}

/** How many reports wait for an admin. */
export function countOpenReports(db: Database): number {
  return (
    db.query<{ n: number }, []>('SELECT count(*) AS n FROM reports WHERE closed_at IS NULL').get()
      ?.n ?? 0
  );
}

/** One report. */
export function findReport(db: Database, id: number): ReportRow | null {
  return db
    .query<ReportRow, { id: number }>(`SELECT ${COLUMNS} FROM reports WHERE id = $id`)
    .get({ id });
}

/** Ids of the posts that a report names. */
export function listReportedPosts(db: Database, reportId: number): number[] {
  return db
    .query<{ id: number }, { reportId: number }>(
      'SELECT post_id AS id FROM report_posts WHERE report_id = $reportId ORDER BY post_id DESC',
    )
    .all({ reportId })
    .map((row) => row.id);
}

/** What admins noted about a report, oldest first. */
export function listReportNotes(db: Database, reportId: number): ReportNote[] {
  return db
    .query<ReportNote, { reportId: number }>(
      `SELECT id, account_id AS accountId, text, created_at AS createdAt FROM report_notes
       WHERE report_id = $reportId ORDER BY id`,
    )
    .all({ reportId });
}

/** Adds a note. */
export function insertReportNote(
  db: Database,
  note: { id: number; reportId: number; accountId: number | null; text: string; now: number },
): void {
  db.query(
    `INSERT INTO report_notes (id, report_id, account_id, text, created_at)
     VALUES ($id, $reportId, $accountId, $text, $now)`,
  ).run(note);
}

/** Closes a report (a time), or opens it again (null). */
export function updateReportClosed(
  db: Database,
  row: { id: number; closedAt: number | null; closedBy: number | null },
): void {
  db.query('UPDATE reports SET closed_at = $closedAt, closed_by = $closedBy WHERE id = $id').run(
    row,
  );
}
