import type { Database } from 'bun:sqlite';

/** Rows written through this connection since it was opened; a tenth of a microsecond. */
export function countOwnChanges(db: Database): number {
  return db.query<{ n: number }, []>('SELECT total_changes() AS n').get()?.n ?? 0;
}

/** Another number after a commit through any other connection (pragma data_version); some microseconds. */
export function readOthersVersion(db: Database): number {
  return db.query<{ data_version: number }, []>('PRAGMA data_version').get()?.data_version ?? 0;
}
