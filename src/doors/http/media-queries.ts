import type { Database } from 'bun:sqlite';

/**
 * A text that is another one after any change of the database: rows written through this connection,
 * and commits of others (sqlite.org/pragma.html#pragma_data_version).
 */
export function readDatabaseStamp(db: Database): string {
  const own = db.query<{ n: number }, []>('SELECT total_changes() AS n').get();
  const others = db.query<{ data_version: number }, []>('PRAGMA data_version').get();
  return `${own?.n}-${others?.data_version}`;
}
