import type { Database } from 'bun:sqlite';

/** One table, index, trigger or view, with the text that made it; null for what SQLite makes by itself. */
export type SchemaItem = { type: string; name: string; table: string; sql: string | null };

/**
 * Statistics that SQLite itself keeps, and what Litestream leaves in a database that it copies; they
 * are not restored, and so are no reason to refuse.
 */
export const statisticsTables: Readonly<Record<string, string>> = {
  sqlite_stat1: 'CREATE TABLE sqlite_stat1(tbl,idx,stat)',
  sqlite_stat4: 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)',
  _litestream_seq: 'CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)',
  _litestream_lock: 'CREATE TABLE _litestream_lock (id INTEGER)',
};

/** No schema of ours comes near; a longer list is not read to its end. */
const MOST = 5000;

/** Everything that a database consists of; nothing of it is run by reading this. */
export function listSchema(db: Database): SchemaItem[] {
  return db
    .query<SchemaItem, { most: number }>(
      `SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema ORDER BY type, name LIMIT $most`,
    )
    .all({ most: MOST });
}

/** What a reader of a file that others may have made asks of SQLite first. */
export function distrust(db: Database): void {
  db.run('PRAGMA trusted_schema = OFF');
  db.run('PRAGMA cell_size_check = ON');
  db.run('PRAGMA mmap_size = 0');
  db.run('PRAGMA query_only = ON');
}

/** What is wrong inside a file, a line each; empty if nothing is. Reads all of it. */
export function findFaults(db: Database): string[] {
  const lines = db
    .query<{ integrity_check: string }, []>('PRAGMA integrity_check(20)')
    .all()
    .map((row) => row.integrity_check)
    .filter((line) => line !== 'ok');
  const broken = db
    .query<{ table: string; parent: string }, []>('PRAGMA foreign_key_check')
    .all()
    .slice(0, 20)
    .map((row) => `a row of ${row.table} points to nothing in ${row.parent}`);
  return [...lines, ...broken];
}
