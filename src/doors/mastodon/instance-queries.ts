import type { Database } from 'bun:sqlite';

/** How many other servers are known here as partners in conversation. */
export function countHosts(db: Database): number {
  return db.query<{ n: number }, []>('SELECT count(*) AS n FROM hosts').get()?.n ?? 0;
}
