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
