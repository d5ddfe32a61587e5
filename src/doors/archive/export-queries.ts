import type { Database } from 'bun:sqlite';

export type ExportState = 'waiting' | 'running' | 'done' | 'failed';

/** An archive that somebody asked for; times in milliseconds, `options` is JSON. */
export type ExportRow = {
  id: number;
  accountId: number;
  state: ExportState;
  options: string;
  /** Name in `exports/` without extension. */
  file: string | null;
  bytes: number | null;
  done: number;
  total: number;
  detail: string | null;
  tries: number;
  createdAt: number;
  finishedAt: number | null;
  expiresAt: number | null;
};

const COLUMNS = `id, account_id AS accountId, state, options, file, bytes, done, total, detail, tries,
  created_at AS createdAt, finished_at AS finishedAt, expires_at AS expiresAt`;

/** One archive by its id. */
export function findExport(db: Database, id: number): ExportRow | null {
  return db
    .query<ExportRow, { id: number }>(`SELECT ${COLUMNS} FROM exports WHERE id = $id`)
    .get({ id });
}

/** Somebody's archives, the newest first. */
export function listExportsOf(db: Database, accountId: number): ExportRow[] {
  return db
    .query<ExportRow, { accountId: number }>(
      `SELECT ${COLUMNS} FROM exports WHERE account_id = $accountId ORDER BY id DESC LIMIT 20`,
    )
    .all({ accountId });
}

/** All archives in these states, the oldest first. */
export function listExportsIn(db: Database, states: readonly ExportState[]): ExportRow[] {
  return db
    .query<ExportRow, { states: string }>(
      `SELECT ${COLUMNS} FROM exports WHERE state IN (SELECT value FROM json_each($states))
       ORDER BY id`,
    )
    .all({ states: JSON.stringify(states) });
}

/** Writes down that somebody wants an archive. */
export function insertExport(
  db: Database,
  row: { id: number; accountId: number; options: string; now: number },
): void {
  db.query(
    `INSERT INTO exports (id, account_id, options, created_at)
     VALUES ($id, $accountId, $options, $now)`,
  ).run(row);
}

/** It is being written, as that file. */
export function beginExport(db: Database, id: number, file: string): void {
  db.query(
    `UPDATE exports SET state = 'running', file = $file, tries = tries + 1, done = 0, total = 0,
       detail = NULL WHERE id = $id`,
  ).run({ id, file });
}

/** How far it is. */
export function updateProgress(
  db: Database,
  row: { id: number; done: number; total: number },
): void {
  db.query(
    `UPDATE exports SET done = $done, total = $total WHERE id = $id AND state = 'running'`,
  ).run(row);
}

/** It lies there until `expiresAt`; false if nobody wants it any more. */
export function finishExport(
  db: Database,
  row: { id: number; bytes: number; detail: string | null; now: number; expiresAt: number },
): boolean {
  const { changes } = db
    .query(
      `UPDATE exports SET state = 'done', bytes = $bytes, done = total, detail = $detail,
         finished_at = $now, expires_at = $expiresAt
       WHERE id = $id AND state = 'running'`,
    )
    .run(row);
  return changes > 0;
}

/** It will not be; `detail` says why. */
export function failExport(db: Database, id: number, detail: string, now: number): void {
  db.query(
    `UPDATE exports SET state = 'failed', file = NULL, detail = $detail, finished_at = $now
     WHERE id = $id AND state IN ('waiting', 'running')`,
  ).run({ id, detail, now });
}

/** Forgets an archive; its file goes with the next sweep at the latest. */
export function deleteExport(db: Database, id: number): void {
  db.query('DELETE FROM exports WHERE id = $id').run({ id });
}

/** A wish for one every month. */
export type ExportSchedule = { accountId: number; options: string; nextAt: number };

/** What somebody wishes, or null. */
export function findExportSchedule(db: Database, accountId: number): ExportSchedule | null {
  return db
    .query<ExportSchedule, { accountId: number }>(
      `SELECT account_id AS accountId, options, next_at AS nextAt FROM export_schedules
       WHERE account_id = $accountId`,
    )
    .get({ accountId });
}

/** Wishes whose day has come; not of accounts that are suspended or about to go. */
export function listDueSchedules(db: Database, now: number): ExportSchedule[] {
  return db
    .query<ExportSchedule, { now: number }>(
      `SELECT s.account_id AS accountId, s.options, s.next_at AS nextAt
       FROM export_schedules s JOIN accounts a ON a.id = s.account_id
       WHERE s.next_at <= $now AND a.suspended_at IS NULL AND a.deletion_at IS NULL
       ORDER BY s.next_at`,
    )
    .all({ now });
}

/** Keeps a wish, in place of an older one. */
export function saveExportSchedule(db: Database, row: ExportSchedule): void {
  db.query(
    `INSERT INTO export_schedules (account_id, options, next_at)
     VALUES ($accountId, $options, $nextAt)
     ON CONFLICT (account_id) DO UPDATE SET options = $options, next_at = $nextAt`,
  ).run(row);
}

/** Drops a wish. */
export function deleteExportSchedule(db: Database, accountId: number): void {
  db.query('DELETE FROM export_schedules WHERE account_id = $accountId').run({ accountId });
}
