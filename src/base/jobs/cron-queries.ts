import type { Database } from 'bun:sqlite';

export type CronRunRow = {
  id: number;
  name: string;
  startedAt: number;
  finishedAt: number | null;
  outcome: 'running' | 'done' | 'failed' | 'interrupted';
  detail: string | null;
};

const COLUMNS = `id, name, started_at AS startedAt, finished_at AS finishedAt, outcome, detail`;
const KEPT_RUNS = 100;

/** Notes that a run began and forgets the oldest of that name. */
export function insertCronRun(db: Database, run: { id: number; name: string; now: number }): void {
  db.query('INSERT INTO cron_runs (id, name, started_at) VALUES ($id, $name, $now)').run(run);
  db.query(
    `DELETE FROM cron_runs WHERE name = $name AND id NOT IN
       (SELECT id FROM cron_runs WHERE name = $name ORDER BY id DESC LIMIT $kept)`,
  ).run({ name: run.name, kept: KEPT_RUNS });
}

/** Notes how a run ended. */
export function finishCronRun(
  db: Database,
  run: { id: number; outcome: 'done' | 'failed'; detail: string | null; now: number },
): void {
  db.query(
    'UPDATE cron_runs SET outcome = $outcome, detail = $detail, finished_at = $now WHERE id = $id',
  ).run(run);
}

/** After a crash: what still ran was interrupted. */
export function interruptCronRuns(db: Database, now: number): void {
  db.query(
    `UPDATE cron_runs SET outcome = 'interrupted', finished_at = $now WHERE outcome = 'running'`,
  ).run({ now });
}

/** The last run of a name, or null. */
export function findLastRun(db: Database, name: string): CronRunRow | null {
  return db
    .query<CronRunRow, { name: string }>(
      `SELECT ${COLUMNS} FROM cron_runs WHERE name = $name ORDER BY id DESC LIMIT 1`,
    )
    .get({ name });
}
