import type { Database } from 'bun:sqlite';

export type NewReport = {
  id: number;
  /** Id of the Flag that brought it; null for reports from here. */
  uri: string | null;
  reporterId: number | null;
  /** Server that it came from; null: from here. */
  reporterDomain: string | null;
  targetId: number;
  comment: string;
  category: string;
  forwarded: number;
  now: number;
};

/** Stores a report; false if that Flag is here already. */
export function insertReport(db: Database, report: NewReport, postIds: readonly number[]): boolean {
  const { changes } = db
    .query(
      `INSERT INTO reports (id, uri, reporter_id, reporter_domain, target_id, comment, category,
         forwarded, created_at)
       VALUES ($id, $uri, $reporterId, $reporterDomain, $targetId, $comment, $category, $forwarded,
         $now) ON CONFLICT DO NOTHING`,
    )
    .run(report);
  if (changes === 0) return false;
  // Only posts of whom the report is about.
  db.query(
    `INSERT INTO report_posts (report_id, post_id)
     SELECT $id, id FROM posts
     WHERE id IN (SELECT value FROM json_each($ids)) AND account_id = $targetId`,
  ).run({ id: report.id, targetId: report.targetId, ids: JSON.stringify(postIds) });
  return true;
}

/** The open report from the same side about the same account, or null. */
export function findOpenReport(
  db: Database,
  side: Pick<NewReport, 'reporterId' | 'reporterDomain' | 'targetId'>,
): number | null {
  const row = db
    .query<{ id: number }, typeof side>(
      `SELECT id FROM reports WHERE closed_at IS NULL AND target_id = $targetId
         AND CASE WHEN $reporterDomain IS NULL
           THEN reporter_domain IS NULL AND reporter_id = $reporterId
           ELSE reporter_domain = $reporterDomain END
       ORDER BY id DESC LIMIT 1`,
    )
    .get(side);
  return row?.id ?? null;
}

/** Adds posts to a report. */
export function addReportPosts(
  db: Database,
  row: { id: number; targetId: number },
  postIds: readonly number[],
): void {
  db.query(
    `INSERT INTO report_posts (report_id, post_id)
     SELECT $id, id FROM posts
     WHERE id IN (SELECT value FROM json_each($ids)) AND account_id = $targetId
     ON CONFLICT DO NOTHING`,
  ).run({ ...row, ids: JSON.stringify(postIds) });
}

/** How many open reports there are from one server. */
export function countOpenFrom(db: Database, domain: string): number {
  const row = db
    .query<{ n: number }, { domain: string }>(
      `SELECT count(*) AS n FROM reports WHERE closed_at IS NULL AND reporter_domain = $domain`,
    )
    .get({ domain });
  return row?.n ?? 0;
}

/** Ids of those who look after this instance. */
export function listAdminIds(db: Database): number[] {
  return db
    .query<{ id: number }, []>(
      `SELECT id FROM accounts WHERE role IN ('owner', 'admin') AND suspended_at IS NULL`,
    )
    .all()
    .map((row) => row.id);
}
