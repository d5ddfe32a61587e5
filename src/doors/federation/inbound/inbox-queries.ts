import type { Database } from 'bun:sqlite';

/** An accepted activity that waits for its work. */
export type InboxRow = {
  id: number;
  signerId: number;
  /** Server that the signer is on. */
  domain: string;
  body: string;
  /** 0: nobody could check the signature, because the actor may be gone (T25). */
  verified: number;
  attempts: number;
};

/** Notes what was seen; false if it was seen before. */
export function insertSeen(db: Database, key: string, now: number): boolean {
  const { changes } = db
    .query('INSERT INTO inbox_seen (key, seen_at) VALUES ($key, $now) ON CONFLICT DO NOTHING')
    .run({ key, now });
  return changes > 0;
}

/** True if this was seen before. */
export function isSeen(db: Database, key: string): boolean {
  return db.query('SELECT 1 FROM inbox_seen WHERE key = $key').get({ key }) !== null;
}

/** Puts an accepted activity at the end of the line. */
export function insertInboxItem(
  db: Database,
  item: { id: number; signerId: number; body: string; verified: number; now: number },
): void {
  db.query(
    `INSERT INTO inbox_items (id, signer_id, body, verified, received_at, run_at)
     VALUES ($id, $signerId, $body, $verified, $now, $now)`,
  ).run(item);
}

/** Tries in which later activities of the same signer wait for one that failed, so that order is kept. */
const HOLDING = 'attempts BETWEEN 1 AND 2';

/**
 * Due activities in the order in which they came, without those of busy signers and servers, and
 * without those whose signer has an earlier one that waits for its second or third try.
 */
export function findDueItems(
  db: Database,
  which: { now: number; limit: number; signers: readonly number[]; domains: readonly string[] },
): InboxRow[] {
  return db
    .query<InboxRow, { now: number; limit: number; signers: string; domains: string }>(
      `SELECT i.id, i.signer_id AS signerId, a.domain, i.body, i.verified, i.attempts
       FROM inbox_items i JOIN accounts a ON a.id = i.signer_id
       WHERE i.state = 'waiting' AND i.run_at <= $now
         AND i.signer_id NOT IN (SELECT value FROM json_each($signers))
         AND a.domain NOT IN (SELECT value FROM json_each($domains))
         AND (i.attempts > 0 OR i.signer_id NOT IN
           (SELECT signer_id FROM inbox_items WHERE state = 'waiting' AND ${HOLDING}))
       ORDER BY i.run_at, i.id LIMIT $limit`,
    )
    .all({
      now: which.now,
      limit: which.limit,
      signers: JSON.stringify(which.signers),
      domains: JSON.stringify(which.domains),
    });
}

/** When the next activity that waits may be tried; null if none waits. */
export function findNextItem(db: Database): number | null {
  const row = db
    .query<{ runAt: number }, []>(
      `SELECT run_at AS runAt FROM inbox_items WHERE state = 'waiting' ORDER BY run_at LIMIT 1`,
    )
    .get();
  return row?.runAt ?? null;
}

/** Forgets an activity whose work is done. */
export function deleteInboxItem(db: Database, id: number): void {
  db.query('DELETE FROM inbox_items WHERE id = $id').run({ id });
}

/** Lets a failed activity wait for another try, or puts it aside for a person to look at. */
export function postponeInboxItem(
  db: Database,
  item: { id: number; runAt: number; state: 'waiting' | 'dead'; lastError: string },
): void {
  db.query(
    `UPDATE inbox_items SET attempts = attempts + 1, run_at = $runAt, state = $state,
       last_error = $lastError WHERE id = $id`,
  ).run(item);
}

/** Keeps an activity of a feature that is not there yet. */
export function insertParked(
  db: Database,
  parked: { id: number; signerId: number; type: string; body: string; now: number },
): void {
  db.query(
    `INSERT INTO parked_activities (id, signer_id, type, body, received_at)
     VALUES ($id, $signerId, $type, $body, $now)`,
  ).run(parked);
}

/** How many activities are kept, of one account and of all. */
export function countParked(db: Database, signerId: number): { own: number; all: number } {
  const row = db
    .query<{ own: number; all: number }, { signerId: number }>(
      `SELECT count(*) FILTER (WHERE signer_id = $signerId) AS own, count(*) AS "all"
       FROM parked_activities`,
    )
    .get({ signerId });
  return row ?? { own: 0, all: 0 };
}

/** Forgets what an account sent about something that it deleted. */
export function deleteParkedAbout(db: Database, signerId: number, id: string): void {
  db.query(
    `DELETE FROM parked_activities WHERE signer_id = $signerId AND instr(body, $quoted) > 0`,
  ).run({ signerId, quoted: JSON.stringify(id) });
}

/** Forgets what was seen, and what was parked, before these times; at most `limit` of each. Gives how many. */
export function deleteOld(
  db: Database,
  before: { seen: number; parked: number; limit: number },
): number {
  const { seen, parked, limit } = before;
  const keys = db
    .query(
      `DELETE FROM inbox_seen WHERE key IN
         (SELECT key FROM inbox_seen WHERE seen_at < $seen LIMIT $limit)`,
    )
    .run({ seen, limit });
  const rows = db
    .query(
      `DELETE FROM parked_activities WHERE id IN
         (SELECT id FROM parked_activities WHERE received_at < $parked LIMIT $limit)`,
    )
    .run({ parked, limit });
  return keys.changes + rows.changes;
}

/** An activity as it is shown to the operator. */
export type InboxJobRow = {
  id: number;
  state: 'waiting' | 'dead';
  attempts: number;
  runAt: number;
  createdAt: number;
  lastError: string | null;
};

/** Activities for a person to look at, the newest first. */
export function listTroubledItems(
  db: Database,
  filter: { state: 'waiting' | 'dead' | null; limit: number },
): InboxJobRow[] {
  return db
    .query<InboxJobRow, { state: 'waiting' | 'dead' | null; limit: number }>(
      `SELECT i.id, i.state, i.attempts, i.run_at AS runAt, i.received_at AS createdAt,
         CASE WHEN i.last_error IS NULL THEN 'from ' || a.domain
           ELSE 'from ' || a.domain || ': ' || i.last_error END AS lastError
       FROM inbox_items i JOIN accounts a ON a.id = i.signer_id
       WHERE $state IS NULL OR i.state = $state ORDER BY i.id DESC LIMIT $limit`,
    )
    .all(filter);
}

/** Dead activities (all, or one by its id) wait again with fresh attempts. Gives how many. */
export function reviveItems(db: Database, which: { id: number | null; now: number }): number {
  return db
    .query(
      `UPDATE inbox_items SET state = 'waiting', attempts = 0, run_at = $now
       WHERE state = 'dead' AND ($id IS NULL OR id = $id)`,
    )
    .run(which).changes;
}
