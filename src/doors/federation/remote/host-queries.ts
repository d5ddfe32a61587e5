import type { Database } from 'bun:sqlite';

export type Scheme = 'cavage' | 'rfc9421';

/** Which signatures a host wants, if it is known at all. */
export function findScheme(db: Database, host: string): Scheme | null {
  const row = db
    .query<{ scheme: Scheme }, { host: string }>('SELECT scheme FROM hosts WHERE host = $host')
    .get({ host });
  return row?.scheme ?? null;
}

/** Keeps in mind which signatures a host wants. */
export function rememberScheme(db: Database, host: string, scheme: Scheme): void {
  db.query(
    `INSERT INTO hosts (host, scheme) VALUES ($host, $scheme)
     ON CONFLICT (host) DO UPDATE SET scheme = excluded.scheme`,
  ).run({ host, scheme });
}

/** When a host was last asked what it runs on. */
export function findNodeinfoTime(db: Database, host: string): number | null {
  const row = db
    .query<{ nodeinfoAt: number | null }, { host: string }>(
      'SELECT nodeinfo_at AS nodeinfoAt FROM hosts WHERE host = $host',
    )
    .get({ host });
  return row?.nodeinfoAt ?? null;
}

/** Keeps what a host runs on, or that it does not say. */
export function saveSoftware(
  db: Database,
  row: { host: string; software: string | null; version: string | null; now: number },
): void {
  db.query(
    `INSERT INTO hosts (host, software, version, nodeinfo_at)
     VALUES ($host, $software, $version, $now)
     ON CONFLICT (host) DO UPDATE SET software = excluded.software, version = excluded.version,
       nodeinfo_at = excluded.nodeinfo_at`,
  ).run(row);
}

type Old = { before: number; limit: number };

/** Forgets servers that nobody here is from, that nothing waits for, and that were quiet since a time. */
export function deleteUnusedHosts(db: Database, old: Old): number {
  return db
    .query(
      `DELETE FROM hosts WHERE host IN (
         SELECT h.host FROM hosts h
         WHERE max(ifnull(h.nodeinfo_at, 0), ifnull(h.last_success_at, 0),
             ifnull(h.retry_at, 0), ifnull(h.failing_since, 0)) < $before
           AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.domain = h.host)
           AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.host = h.host AND d.state = 'waiting')
         LIMIT $limit)`,
    )
    .run(old).changes;
}
