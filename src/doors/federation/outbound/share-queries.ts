import type { Database } from 'bun:sqlite';

export type ShareRow = {
  id: number;
  visibility: 'public' | 'unlisted' | 'followers';
  createdAt: number;
};

/** A boost of a post by an account, or null. */
export function findShare(db: Database, accountId: number, postId: number): ShareRow | null {
  return db
    .query<ShareRow, { accountId: number; postId: number }>(
      `SELECT id, visibility, created_at AS createdAt FROM shares
       WHERE account_id = $accountId AND post_id = $postId`,
    )
    .get({ accountId, postId });
}

export type ReportFacts = {
  id: number;
  targetUri: string;
  targetId: number;
  comment: string;
};

/** A report about an account of another server, or null. */
export function findReport(db: Database, id: number): ReportFacts | null {
  return db
    .query<ReportFacts, { id: number }>(
      `SELECT r.id, a.uri AS targetUri, a.id AS targetId, r.comment
       FROM reports r JOIN accounts a ON a.id = r.target_id
       WHERE r.id = $id AND a.uri IS NOT NULL`,
    )
    .get({ id });
}

/** Ids of the posts that a report names, of the same remote account. */
export function listReportedUris(db: Database, reportId: number): string[] {
  return db
    .query<{ uri: string }, { reportId: number }>(
      `SELECT p.uri FROM report_posts rp JOIN posts p ON p.id = rp.post_id
       WHERE rp.report_id = $reportId AND p.uri IS NOT NULL`,
    )
    .all({ reportId })
    .map(({ uri }) => uri);
}
