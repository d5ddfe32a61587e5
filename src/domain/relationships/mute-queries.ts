import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';

/** A mute; times in milliseconds. */
export type MuteRow = {
  targetId: number;
  /** 1: no notifications either. */
  notifications: number;
  expiresAt: number | null;
};

/** Stores a mute, or changes the one there is. */
export function saveMute(db: Database, row: MuteRow & { accountId: number; now: number }): void {
  db.query(
    `INSERT INTO mutes (account_id, target_id, notifications, expires_at, created_at)
     VALUES ($accountId, $targetId, $notifications, $expiresAt, $now)
     ON CONFLICT DO UPDATE SET notifications = $notifications, expires_at = $expiresAt`,
  ).run(row);
}

/** Removes a mute, or only one that ends at or before `until`; true if there was one. */
export function deleteMute(
  db: Database,
  row: { accountId: number; targetId: number; until?: number },
): boolean {
  const { changes } = db
    .query(
      `DELETE FROM mutes WHERE account_id = $accountId AND target_id = $targetId
         AND ($until IS NULL OR expires_at <= $until)`,
    )
    .run({ until: null, ...row });
  return changes > 0;
}

/** Whom somebody mutes; paged by account id, the newest account first. */
export function listMutes(db: Database, accountId: number, page: Page, now: number): MuteRow[] {
  const upwards = page.minId !== null;
  const rows = db
    .query<MuteRow, Record<string, number>>(
      `SELECT target_id AS targetId, notifications, expires_at AS expiresAt FROM mutes
       WHERE account_id = $accountId AND (expires_at IS NULL OR expires_at > $now)
         AND target_id < $maxId AND target_id > $sinceId
       ORDER BY target_id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      accountId,
      now,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    });
  return upwards ? rows.reverse() : rows;
}
