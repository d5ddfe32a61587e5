import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';

/** Stores a block; false if there is one. */
export function insertBlock(
  db: Database,
  row: { accountId: number; targetId: number; uri: string | null; now: number },
): boolean {
  const { changes } = db
    .query(
      `INSERT INTO blocks (account_id, target_id, uri, created_at)
       VALUES ($accountId, $targetId, $uri, $now) ON CONFLICT DO NOTHING`,
    )
    .run(row);
  return changes > 0;
}

/** Removes a block and answers the id it was told under; undefined if there was none. */
export function deleteBlock(
  db: Database,
  accountId: number,
  targetId: number,
): string | null | undefined {
  return db
    .query<{ uri: string | null }, { accountId: number; targetId: number }>(
      'DELETE FROM blocks WHERE account_id = $accountId AND target_id = $targetId RETURNING uri',
    )
    .get({ accountId, targetId })?.uri;
}

/** True if one of two accounts blocks the other. */
export function isBlockedBetween(db: Database, one: number, other: number): boolean {
  return (
    db
      .query(
        `SELECT 1 FROM blocks WHERE (account_id = $one AND target_id = $other)
           OR (account_id = $other AND target_id = $one)`,
      )
      .get({ one, other }) !== null
  );
}

/** Blocks between one account and many others, in both directions. */
export function findBlocksBetween(
  db: Database,
  accountId: number,
  ids: number[],
): { accountId: number; targetId: number }[] {
  return db
    .query<{ accountId: number; targetId: number }, { accountId: number; ids: string }>(
      `SELECT account_id AS accountId, target_id AS targetId FROM blocks
       WHERE account_id = $accountId AND target_id IN (SELECT value FROM json_each($ids))
       UNION ALL
       SELECT account_id, target_id FROM blocks
       WHERE target_id = $accountId AND account_id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ accountId, ids: JSON.stringify(ids) });
}

/** Ids of the accounts that somebody blocks; paged by account id, the newest account first. */
export function listBlockedIds(db: Database, accountId: number, page: Page): number[] {
  const upwards = page.minId !== null;
  const ids = db
    .query<{ id: number }, Record<string, number>>(
      `SELECT target_id AS id FROM blocks
       WHERE account_id = $accountId AND target_id < $maxId AND target_id > $sinceId
       ORDER BY target_id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      accountId,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    })
    .map((row) => row.id);
  return upwards ? ids.reverse() : ids;
}
