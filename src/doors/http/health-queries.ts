import type { Database } from 'bun:sqlite';

/** When the job that waits longest was due (milliseconds), or null if none waits. */
export function findOldestDueJob(db: Database, now: number): number | null {
  const row = db
    .query<{ runAt: number | null }, { now: number }>(
      `SELECT min(run_at) AS runAt FROM jobs WHERE state = 'waiting' AND run_at <= $now`,
    )
    .get({ now });
  return row?.runAt ?? null;
}
