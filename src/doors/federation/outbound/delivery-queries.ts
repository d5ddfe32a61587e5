import type { Database } from 'bun:sqlite';

export type Scheme = 'cavage' | 'rfc9421';

/** A server with due deliveries, as it was lately. */
export type DueHost = {
  host: string;
  scheme: Scheme;
  failures: number;
  /** Until when nobody tries; null if it may be tried. */
  retryAt: number | null;
  /** null: nothing ever arrived there. */
  lastSuccessAt: number | null;
};

/**
 * Servers that something is due for. The list of servers comes by leaps through the index: a server
 * with thousands of waiting deliveries costs as much as one with a single one.
 */
export function findDueHosts(db: Database, now: number): DueHost[] {
  return db
    .query<DueHost, { now: number }>(
      `WITH RECURSIVE waiting (host) AS (
         SELECT min(host) FROM deliveries WHERE state = 'waiting'
         UNION ALL
         SELECT (SELECT min(d.host) FROM deliveries d
                 WHERE d.state = 'waiting' AND d.host > waiting.host)
         FROM waiting WHERE waiting.host IS NOT NULL)
       SELECT w.host, ifnull(h.scheme, 'cavage') AS scheme, ifnull(h.failures, 0) AS failures,
         h.retry_at AS retryAt, h.last_success_at AS lastSuccessAt
       FROM waiting w LEFT JOIN hosts h ON h.host = w.host
       WHERE w.host IS NOT NULL AND (SELECT min(d.run_at) FROM deliveries d
         WHERE d.state = 'waiting' AND d.host = w.host) <= $now`,
    )
    .all({ now });
}

export type DueDelivery = {
  id: number;
  activityId: number;
  inbox: string;
  host: string;
  attempts: number;
  firstTriedAt: number | null;
  /** Who signs, with which key; 0 is the instance. */
  accountId: number;
  keyId: string;
};

/** What is due for one server, the longest due first; what a suspended account said waits until it is back or gone. */
export function findDueOf(db: Database, host: string, now: number, limit: number): DueDelivery[] {
  return db
    .query<DueDelivery, { host: string; now: number; limit: number }>(
      `SELECT d.id, d.activity_id AS activityId, d.inbox, d.host, d.attempts,
         d.first_tried_at AS firstTriedAt, a.account_id AS accountId, a.key_id AS keyId
       FROM deliveries d JOIN activities a ON a.id = d.activity_id
       WHERE d.state = 'waiting' AND d.host = $host AND d.run_at <= $now
         AND NOT EXISTS (SELECT 1 FROM accounts s
           WHERE s.id = a.account_id AND s.suspended_at IS NOT NULL)
       ORDER BY d.run_at, d.id LIMIT $limit`,
    )
    .all({ host, now, limit });
}

/** The text of an activity; null if it was taken back meanwhile. */
export function findBody(db: Database, activityId: number): string | null {
  const row = db
    .query<{ body: string }, { activityId: number }>(
      'SELECT body FROM activities WHERE id = $activityId',
    )
    .get({ activityId });
  return row?.body ?? null;
}

/** When the next delivery is due that is not due yet; null if none waits. */
export function findNextRun(db: Database, now: number): number | null {
  const row = db
    .query<{ runAt: number | null }, { now: number }>(
      `SELECT min(run_at) AS runAt FROM deliveries WHERE state = 'waiting' AND run_at > $now`,
    )
    .get({ now });
  return row?.runAt ?? null;
}

/** Ends a delivery, one way or the other. */
export function finishDelivery(
  db: Database,
  end: {
    id: number;
    state: 'delivered' | 'given_up';
    status: number | null;
    error: string | null;
    now: number;
  },
): void {
  db.query(
    `UPDATE deliveries SET state = $state, attempts = attempts + 1, finished_at = $now,
       first_tried_at = ifnull(first_tried_at, $now), last_status = $status, last_error = $error
     WHERE id = $id`,
  ).run(end);
}

/** Lets a delivery wait for another try. */
export function postponeDelivery(
  db: Database,
  later: {
    id: number;
    runAt: number;
    tried: 0 | 1;
    status: number | null;
    error: string | null;
    now: number;
  },
): void {
  db.query(
    `UPDATE deliveries SET run_at = $runAt, attempts = attempts + $tried,
       first_tried_at = CASE WHEN $tried = 1 THEN ifnull(first_tried_at, $now)
         ELSE first_tried_at END,
       last_status = $status, last_error = $error
     WHERE id = $id AND state = 'waiting'`,
  ).run(later);
}

/**
 * Lets what is due for a server that is left alone wait until then, each up to `spread` milliseconds
 * longer; at most so many in one go, which is short. `tried`: one try has spoken for all.
 */
export function postponeDue(
  db: Database,
  later: {
    host: string;
    until: number;
    spread: number;
    tried: 0 | 1;
    status: number | null;
    error: string | null;
    now: number;
    limit: number;
  },
): void {
  db.query(
    `UPDATE deliveries SET run_at = $until + abs(random() % $spread), attempts = attempts + $tried,
       first_tried_at = CASE WHEN $tried = 1 THEN ifnull(first_tried_at, $now)
         ELSE first_tried_at END,
       last_status = CASE WHEN $tried = 1 THEN $status ELSE last_status END,
       last_error = CASE WHEN $tried = 1 THEN $error ELSE last_error END
     WHERE id IN (SELECT id FROM deliveries
       WHERE state = 'waiting' AND host = $host AND run_at <= $now LIMIT $limit)`,
  ).run(later);
}

/** Gives up what waits for an inbox that nobody is behind. */
export function abandonInbox(
  db: Database,
  gone: { inbox: string; status: number | null; error: string | null; now: number },
): void {
  db.query(
    `UPDATE deliveries SET state = 'given_up', finished_at = $now, last_status = $status,
       last_error = $error
     WHERE state = 'waiting' AND host = $host AND inbox = $inbox`,
  ).run({ ...gone, host: new URL(gone.inbox).host });
}

/** Accounts of other servers that read from an inbox, their own or a shared one. */
export function listAccountsAt(db: Database, inbox: string): number[] {
  return db
    .query<{ id: number }, { inbox: string }>(
      `SELECT id FROM accounts
       WHERE domain IS NOT NULL AND (inbox_url = $inbox OR shared_inbox_url = $inbox)`,
    )
    .all({ inbox })
    .map(({ id }) => id);
}

/** Notes that a server took something. */
export function noteSuccess(db: Database, host: string, now: number): void {
  db.query(
    `INSERT INTO hosts (host, last_success_at) VALUES ($host, $now)
     ON CONFLICT (host) DO UPDATE SET failures = 0, failing_since = NULL, retry_at = NULL,
       last_success_at = excluded.last_success_at`,
  ).run({ host, now });
}

/** How a server fails at present. */
export function findTrouble(
  db: Database,
  host: string,
): { failures: number; retryAt: number | null } {
  return (
    db
      .query<{ failures: number; retryAt: number | null }, { host: string }>(
        'SELECT failures, retry_at AS retryAt FROM hosts WHERE host = $host',
      )
      .get({ host }) ?? { failures: 0, retryAt: null }
  );
}

/** Notes that a server failed (`failures` in a row) or wants to be left alone until `retryAt`. */
export function noteTrouble(
  db: Database,
  trouble: { host: string; failures: number; retryAt: number | null; now: number },
): void {
  db.query(
    `INSERT INTO hosts (host, failures, failing_since, retry_at)
     VALUES ($host, $failures, CASE WHEN $failures > 0 THEN $now END, $retryAt)
     ON CONFLICT (host) DO UPDATE SET failures = excluded.failures,
       failing_since = ifnull(failing_since, excluded.failing_since),
       retry_at = excluded.retry_at`,
  ).run(trouble);
}

/** Gives up what waits for a server that nothing reached for a week; see `giveUp`. */
export function abandonOld(
  db: Database,
  bound: { host: string; tries: number; before: number; now: number },
): void {
  db.query(
    `UPDATE deliveries SET state = 'given_up', finished_at = $now
     WHERE state = 'waiting' AND host = $host AND attempts >= $tries AND first_tried_at <= $before`,
  ).run(bound);
}

/** Lets everything go at once that waits for a server. */
export function endPause(db: Database, host: string, now: number): void {
  db.query('UPDATE hosts SET retry_at = NULL WHERE host = $host').run({ host });
  db.query(
    `UPDATE deliveries SET run_at = $now WHERE state = 'waiting' AND host = $host AND run_at > $now`,
  ).run({ host, now });
}
