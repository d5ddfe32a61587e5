import type { Database } from 'bun:sqlite';

export type BackupKind = 'create' | 'verify' | 'drill' | 'prune';
export type BackupOutcome = 'running' | 'done' | 'failed' | 'interrupted';

/** Something that was done to backups; times in milliseconds since 1970, `report` is JSON. */
export type BackupRun = {
  id: number;
  kind: BackupKind;
  backup: string | null;
  place: string;
  startedAt: number;
  finishedAt: number | null;
  outcome: BackupOutcome;
  detail: string | null;
  report: string | null;
};

const columns = `id, kind, backup, place, started_at AS startedAt, finished_at AS finishedAt,
  outcome, detail, report`;

/** Notes that something begins. */
export function insertRun(
  db: Database,
  run: { id: number; kind: BackupKind; backup: string | null; place: string; now: number },
): void {
  db.query(
    `INSERT INTO backup_runs (id, kind, backup, place, started_at)
     VALUES ($id, $kind, $backup, $place, $now)`,
  ).run(run);
}

/** Notes how it ended. */
export function finishRun(
  db: Database,
  run: {
    id: number;
    backup: string | null;
    outcome: BackupOutcome;
    detail: string;
    report: string | null;
    now: number;
  },
): void {
  db.query(
    `UPDATE backup_runs SET backup = coalesce($backup, backup), outcome = $outcome,
       detail = $detail, report = $report, finished_at = $now
     WHERE id = $id`,
  ).run(run);
}

/** What an earlier process left running ended with it. */
export function interruptRuns(db: Database, now: number): void {
  db.query(
    `UPDATE backup_runs SET outcome = 'interrupted', finished_at = $now,
       detail = 'The server went down meanwhile.'
     WHERE outcome = 'running'`,
  ).run({ now });
}

/** Forgets what is older. */
export function deleteRunsBefore(db: Database, before: number): void {
  db.query('DELETE FROM backup_runs WHERE started_at < $before').run({ before });
}

/** The newest runs of a place, or of all places; newest first. */
export function listRuns(db: Database, place: string | null, limit: number): BackupRun[] {
  return db
    .query<BackupRun, { place: string | null; limit: number }>(
      `SELECT ${columns} FROM backup_runs WHERE $place IS NULL OR place = $place
       ORDER BY id DESC LIMIT $limit`,
    )
    .all({ place, limit });
}

/** The last run of a kind in a place, of those that ended so; null if there is none. */
export function findLastRun(
  db: Database,
  kind: BackupKind,
  place: string,
  outcomes: readonly BackupOutcome[],
): BackupRun | null {
  return db
    .query<BackupRun, { kind: string; place: string; outcomes: string }>(
      `SELECT ${columns} FROM backup_runs
       WHERE kind = $kind AND place = $place
         AND outcome IN (SELECT value FROM json_each($outcomes))
       ORDER BY id DESC LIMIT 1`,
    )
    .get({ kind, place, outcomes: JSON.stringify(outcomes) });
}
