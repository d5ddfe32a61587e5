import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';

/** A post that waits for its time; times in milliseconds. */
export type ScheduledRow = {
  id: number;
  accountId: number;
  scheduledAt: number;
  /** JSON of `PostInput`. */
  input: string;
  idempotencyKey: string | null;
  /** Why it could not be published when its time came, or null. */
  problem: string | null;
};

const COLUMNS = `id, account_id AS accountId, scheduled_at AS scheduledAt, input,
  idempotency_key AS idempotencyKey, problem`;

/** One waiting post, whoever wrote it. */
export function findScheduled(db: Database, id: number): ScheduledRow | null {
  return db
    .query<ScheduledRow, { id: number }>(
      `SELECT ${COLUMNS} FROM scheduled_posts WHERE id = $id AND scheduled_at IS NOT NULL`,
    )
    .get({ id });
}

/** The waiting post that a client's key made. */
export function findScheduledByKey(
  db: Database,
  accountId: number,
  key: string,
): ScheduledRow | null {
  return db
    .query<ScheduledRow, { accountId: number; key: string }>(
      `SELECT ${COLUMNS} FROM scheduled_posts
       WHERE account_id = $accountId AND idempotency_key = $key AND scheduled_at IS NOT NULL`,
    )
    .get({ accountId, key });
}

/** The waiting posts of an account, the last written first. */
export function listScheduled(db: Database, accountId: number, page: Page): ScheduledRow[] {
  const upwards = page.minId !== null;
  const rows = db
    .query<ScheduledRow, Record<string, number>>(
      `SELECT ${COLUMNS} FROM scheduled_posts
       WHERE account_id = $accountId AND scheduled_at IS NOT NULL AND id < $maxId AND id > $sinceId
       ORDER BY id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      accountId,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    });
  return upwards ? rows.reverse() : rows;
}

/** How many posts of an account wait. */
export function countScheduled(db: Database, accountId: number): number {
  const row = db
    .query<{ n: number }, { accountId: number }>(
      'SELECT count(*) AS n FROM scheduled_posts WHERE account_id = $accountId',
    )
    .get({ accountId });
  return row?.n ?? 0;
}

/** Those of some photos that a waiting post of the account needs. */
export function listReserved(db: Database, accountId: number, ids: readonly number[]): number[] {
  return db
    .query<{ id: number }, { accountId: number; ids: string }>(
      `SELECT DISTINCT j.value AS id FROM scheduled_posts s, json_each(s.input, '$.mediaIds') j
       WHERE s.account_id = $accountId AND j.value IN (SELECT value FROM json_each($ids))`,
    )
    .all({ accountId, ids: JSON.stringify(ids) })
    .map((row) => row.id);
}

/** Writes a post that waits. */
export function insertScheduled(db: Database, row: ScheduledRow & { now: number }): void {
  db.query(
    `INSERT INTO scheduled_posts
       (id, account_id, scheduled_at, input, idempotency_key, problem, created_at)
     VALUES ($id, $accountId, $scheduledAt, $input, $idempotencyKey, $problem, $now)`,
  ).run(row);
}

/** Writes time and words of a waiting post; what was wrong with it may not be any more. */
export function updateScheduled(
  db: Database,
  { id, scheduledAt, input }: Pick<ScheduledRow, 'id' | 'scheduledAt' | 'input'>,
): void {
  db.query(
    `UPDATE scheduled_posts SET scheduled_at = $scheduledAt, input = $input, problem = NULL
     WHERE id = $id`,
  ).run({ id, scheduledAt, input });
}

/** Notes why a post could not be published. */
export function updateProblem(db: Database, id: number, problem: string): void {
  db.query('UPDATE scheduled_posts SET problem = $problem WHERE id = $id').run({ id, problem });
}

/** Removes a waiting post. */
export function deleteScheduled(db: Database, id: number): void {
  db.query('DELETE FROM scheduled_posts WHERE id = $id').run({ id });
}
