import type { Database } from 'bun:sqlite';

export type DeliveryState = 'waiting' | 'delivered' | 'given_up';

/** How a delivery stands. Times in milliseconds since 1970. */
export type DeliveryView = {
  host: string;
  inbox: string;
  state: DeliveryState;
  /** Of what: `Create`, `Update`, … */
  type: string;
  attempts: number;
  /** When it is tried (again); null when that is over. */
  nextAt: number | null;
  lastStatus: number | null;
  lastError: string | null;
};

const COLUMNS = `d.host, d.inbox, d.state, a.type, d.attempts,
  CASE WHEN d.state = 'waiting' THEN d.run_at END AS nextAt,
  d.last_status AS lastStatus, d.last_error AS lastError`;

/** The newest word about a post at each inbox. */
export function listDeliveriesOfPost(db: Database, postId: number): DeliveryView[] {
  return db
    .query<DeliveryView & { newest: number }, { postId: number }>(
      `SELECT ${COLUMNS}, max(a.id) AS newest
       FROM activities a JOIN deliveries d ON d.activity_id = a.id
       WHERE a.post_id = $postId AND a.type IN ('Create', 'Update') AND d.state <> 'dropped'
       GROUP BY d.inbox ORDER BY d.host, d.inbox`,
    )
    .all({ postId })
    .map(({ newest: _newest, ...view }) => view);
}

/** How far the word of somebody's last move has come, in servers; null if none was sent lately. */
export function countMoveDeliveries(
  db: Database,
  accountId: number,
): { delivered: number; waiting: number; givenUp: number } | null {
  const row = db
    .query<{ delivered: number; waiting: number; givenUp: number }, { accountId: number }>(
      `SELECT count(*) FILTER (WHERE d.state = 'delivered') AS delivered,
         count(*) FILTER (WHERE d.state = 'waiting') AS waiting,
         count(*) FILTER (WHERE d.state = 'given_up') AS givenUp
       FROM deliveries d WHERE d.activity_id = (
         SELECT max(id) FROM activities WHERE account_id = $accountId AND type = 'Move')`,
    )
    .get({ accountId });
  return row === null || row.delivered + row.waiting + row.givenUp === 0 ? null : row;
}

/** Deliveries that have not arrived, to one server or all, the newest first. */
export function listOpenDeliveries(
  db: Database,
  host: string | null,
  limit: number,
): (DeliveryView & { id: number })[] {
  return db
    .query<DeliveryView & { id: number }, { host: string | null; limit: number }>(
      `SELECT d.id, ${COLUMNS} FROM deliveries d JOIN activities a ON a.id = d.activity_id
       WHERE d.state IN ('waiting', 'given_up') AND ($host IS NULL OR d.host = $host)
       ORDER BY d.id DESC LIMIT $limit`,
    )
    .all({ host, limit });
}

/** How many deliveries are in each state, to one server or all. */
export function countDeliveries(db: Database, host: string | null): Record<DeliveryState, number> {
  const rows = db
    .query<{ state: DeliveryState; n: number }, { host: string | null }>(
      `SELECT state, count(*) AS n FROM deliveries
       WHERE state <> 'dropped' AND ($host IS NULL OR host = $host) GROUP BY state`,
    )
    .all({ host });
  const counts = { waiting: 0, delivered: 0, given_up: 0 };
  for (const { state, n } of rows) counts[state] = n;
  return counts;
}

export type TroubledHost = {
  host: string;
  failures: number;
  failingSince: number | null;
  retryAt: number | null;
};

/** Servers that fail at present, the longest first. */
export function listTroubledHosts(db: Database, limit: number): TroubledHost[] {
  return db
    .query<TroubledHost, { limit: number }>(
      `SELECT host, failures, failing_since AS failingSince, retry_at AS retryAt FROM hosts
       WHERE failures > 0 ORDER BY failing_since LIMIT $limit`,
    )
    .all({ limit });
}

/** Which deliveries are meant: of a post, to a server, or all. */
export type Which = { postId?: number; host?: string };

const MEANT = `state IN ('waiting', 'given_up')
  AND ($host IS NULL OR host = $host)
  AND ($postId IS NULL OR activity_id IN (SELECT id FROM activities WHERE post_id = $postId))`;

/** Lets what waits or was given up begin anew, due at once; gives how many. */
export function reviveDeliveries(db: Database, which: Which, now: number): number {
  const row = { host: which.host ?? null, postId: which.postId ?? null };
  db.query(
    `UPDATE hosts SET retry_at = NULL
     WHERE host IN (SELECT DISTINCT host FROM deliveries WHERE ${MEANT})`,
  ).run(row);
  return db
    .query(
      `UPDATE deliveries SET state = 'waiting', run_at = $now, attempts = 0,
         first_tried_at = NULL, finished_at = NULL
       WHERE ${MEANT}`,
    )
    .run({ ...row, now }).changes;
}
