import type { Database } from 'bun:sqlite';

/** How the last drill ended, for pages and for `doctor`. */
export type DrillRun = {
  id: number;
  backup: string | null;
  startedAt: number;
  finishedAt: number | null;
  outcome: 'running' | 'done' | 'failed' | 'interrupted';
  detail: string | null;
  /** JSON of DrillReport, if there is one. */
  report: string | null;
};

/** Notes that a drill begins. */
export function insertDrill(
  db: Database,
  run: { id: number; place: string; startedAt: number },
): void {
  db.query(
    `INSERT INTO backup_runs (id, kind, place, started_at) VALUES ($id, 'drill', $place, $startedAt)`,
  ).run(run);
}

/** Notes how it ended. */
export function finishDrill(
  db: Database,
  run: {
    id: number;
    backup: string | null;
    outcome: 'done' | 'failed' | 'interrupted';
    detail: string;
    report: string | null;
    finishedAt: number;
  },
): void {
  db.query(
    `UPDATE backup_runs SET backup = $backup, outcome = $outcome, detail = $detail,
       report = $report, finished_at = $finishedAt
     WHERE id = $id`,
  ).run(run);
}

/** The newest drill, or null if there was none. */
export function findLastDrill(db: Database): DrillRun | null {
  return db
    .query<DrillRun, []>(
      `SELECT id, backup, started_at AS startedAt, finished_at AS finishedAt, outcome, detail, report
       FROM backup_runs WHERE kind = 'drill' ORDER BY id DESC LIMIT 1`,
    )
    .get();
}
