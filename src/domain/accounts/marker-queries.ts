import type { Database } from 'bun:sqlite';

/** Lists in which apps remember how far somebody has read. */
export const markedTimelines = ['home', 'notifications'] as const;
export type MarkedTimeline = (typeof markedTimelines)[number];

export type MarkerRow = {
  timeline: MarkedTimeline;
  lastReadId: number;
  /** Grows by one with every change. */
  version: number;
  updatedAt: number;
};

/** How far somebody has read, in every list that was ever marked. */
export function findMarkers(db: Database, accountId: number): MarkerRow[] {
  return db
    .query<MarkerRow, { accountId: number }>(
      `SELECT timeline, last_read_id AS lastReadId, version, updated_at AS updatedAt FROM markers
       WHERE account_id = $accountId ORDER BY timeline`,
    )
    .all({ accountId });
}

/** Moves a marker, or sets the first. */
export function upsertMarker(
  db: Database,
  row: { accountId: number; timeline: MarkedTimeline; lastReadId: number; now: number },
): void {
  db.query(
    `INSERT INTO markers (account_id, timeline, last_read_id, version, updated_at)
     VALUES ($accountId, $timeline, $lastReadId, 1, $now)
     ON CONFLICT (account_id, timeline) DO UPDATE SET last_read_id = excluded.last_read_id,
       version = version + 1, updated_at = excluded.updated_at`,
  ).run(row);
}
