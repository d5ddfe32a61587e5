import type { Database } from 'bun:sqlite';
import { readPragma } from '#base/db/open.ts';

/** Lets SQLite refresh the statistics that have gone stale, looking at few rows of each index. */
export function optimizeStatistics(db: Database): void {
  db.run('PRAGMA analysis_limit = 400');
  db.run('PRAGMA optimize');
}

/** Pages of the file that hold nothing. */
export function countFreePages(db: Database): number {
  return readPragma(db, 'freelist_count');
}

/** Gives up to `pages` free pages at the end of the file back to the file system. */
export function releasePages(db: Database, pages: number): void {
  // Each step frees one page; `run` stops after the first, so the statement is read to its end.
  db.query(`PRAGMA incremental_vacuum(${Math.trunc(pages)})`).all();
}

/** Moves the write-ahead log into the database and empties it; false if a reader held it up. */
export function emptyLog(db: Database): boolean {
  const row = db.query<{ busy: number }, []>('PRAGMA wal_checkpoint(TRUNCATE)').get();
  return row?.busy === 0;
}

/** Moves what can be moved of the write-ahead log into the database, waiting for nobody. */
export function shortenLog(db: Database): void {
  db.query('PRAGMA wal_checkpoint(PASSIVE)').get();
}

/** Whether Litestream copies this database: it makes a table of its own in it. */
export function isReplicated(db: Database): boolean {
  const found = db.query("SELECT 1 FROM sqlite_schema WHERE name = '_litestream_seq'").get();
  return found !== null;
}

/** What is damaged, a line each; empty if nothing is. Reads the whole file. */
export function findDamage(db: Database): string[] {
  return db
    .query<{ quick_check: string }, []>('PRAGMA quick_check(20)')
    .all()
    .map((row) => row.quick_check)
    .filter((line) => line !== 'ok');
}

/** Writes the database as it is at this moment to a new file; others go on reading and writing. */
export function copyDatabase(db: Database, path: string): void {
  db.query('VACUUM INTO ?').run(path);
}
