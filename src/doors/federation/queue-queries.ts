import type { Database } from 'bun:sqlite';

/** How much of what came in is in each state, and when the oldest of it that waits was received. */
export function countInbox(db: Database): { state: string; count: number; oldestAt: number }[] {
  return db
    .query<{ state: string; count: number; oldestAt: number }, []>(
      `SELECT state, count(*) AS count, min(received_at) AS oldestAt
       FROM inbox_items GROUP BY state`,
    )
    .all();
}

/** When the delivery that waits longest was due, in milliseconds; null if none waits. */
export function findOldestDelivery(db: Database): number | null {
  const row = db
    .query<{ at: number | null }, []>(
      `SELECT min(run_at) AS at FROM deliveries WHERE state = 'waiting'`,
    )
    .get();
  return row?.at ?? null;
}

/** Deliveries to one server: what waits, since when it fails and what it said last. */
export type HostState = {
  host: string;
  waiting: number;
  givenUp: number;
  failingSince: number | null;
  retryAt: number | null;
  lastError: string | null;
};

/** Servers to which something could not be brought, the worst first. */
export function listWorstHosts(db: Database, limit: number): HostState[] {
  return db
    .query<HostState, { limit: number }>(
      `SELECT d.host, sum(d.state = 'waiting') AS waiting, sum(d.state = 'given_up') AS givenUp,
         h.failing_since AS failingSince, h.retry_at AS retryAt, max(d.last_error) AS lastError
       FROM deliveries d LEFT JOIN hosts h ON h.host = d.host
       WHERE d.state IN ('waiting', 'given_up')
       GROUP BY d.host
       ORDER BY failingSince IS NULL, waiting + givenUp DESC, d.host LIMIT $limit`,
    )
    .all({ limit });
}
