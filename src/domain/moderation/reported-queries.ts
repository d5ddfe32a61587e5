import type { Database } from 'bun:sqlite';

/** A report as the people who look after the instance are told of it. */
export type ReportedRow = {
  id: number;
  targetId: number;
  comment: string;
  category: string;
  forwarded: number;
  createdAt: number;
  closedAt: number | null;
  /** JSON list of ids. */
  postIds: string;
};

/** Reports by id, in one statement. */
export function findReports(db: Database, ids: readonly number[]): ReportedRow[] {
  return db
    .query<ReportedRow, { ids: string }>(
      `SELECT r.id, r.target_id AS targetId, r.comment, r.category, r.forwarded,
         r.created_at AS createdAt, r.closed_at AS closedAt,
         (SELECT json_group_array(rp.post_id) FROM report_posts rp WHERE rp.report_id = r.id)
           AS postIds
       FROM reports r WHERE r.id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(ids) });
}
