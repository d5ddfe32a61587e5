import type { Database } from 'bun:sqlite';

/** How a kind of backup work ended last; times in milliseconds. */
export type LastRun = {
  kind: string;
  outcome: string;
  backup: string | null;
  startedAt: number;
  finishedAt: number | null;
  detail: string | null;
};

/** The last run of each kind of backup work that is over. */
export function listLastRuns(db: Database): LastRun[] {
  return db
    .query<LastRun, []>(
      `SELECT kind, outcome, backup, started_at AS startedAt, finished_at AS finishedAt, detail
       FROM backup_runs
       WHERE id IN (SELECT max(id) FROM backup_runs WHERE outcome <> 'running' GROUP BY kind)`,
    )
    .all();
}

/** When the newest backup was finished that came to a good end; null if there is none. */
export function findLastBackup(db: Database): number | null {
  const row = db
    .query<{ at: number | null }, []>(
      `SELECT max(finished_at) AS at FROM backup_runs WHERE kind = 'create' AND outcome = 'done'`,
    )
    .get();
  return row?.at ?? null;
}

/** When the job that waits longest was due, in milliseconds; null if none waits. */
export function findOldestJob(db: Database): number | null {
  const row = db
    .query<{ at: number | null }, []>(`SELECT min(run_at) AS at FROM jobs WHERE state = 'waiting'`)
    .get();
  return row?.at ?? null;
}
