import { Database } from 'bun:sqlite';
import { steadyPlans } from './steady-plans.ts';

/** "tint" in ASCII: tells Tintype's database from any other SQLite file. */
const APPLICATION_ID = 0x74696e74;

/**
 * Opens (or creates) the one database of an instance with the settings that everything relies on.
 * `busy_timeout` comes first so that even the pragmas wait for a lock; `auto_vacuum` only counts
 * before the first table exists. Throws if the file belongs to another program.
 */
export function openDatabase(path: string): Database {
  // Twenty by default: with more statements in rotation each call would be prepared again.
  Database.MAX_QUERY_CACHE_SIZE = 1000;
  const db = new Database(path, { create: true, readwrite: true, strict: true });
  db.run('PRAGMA busy_timeout = 10000');
  const owner = readPragma(db, 'application_id');
  if (owner !== 0 && owner !== APPLICATION_ID) {
    db.close();
    throw new Error(`${path} is a database of another program.`);
  }
  db.run('PRAGMA auto_vacuum = INCREMENTAL');
  db.run('PRAGMA journal_mode = WAL');
  db.run('PRAGMA synchronous = FULL');
  db.run('PRAGMA foreign_keys = ON');
  db.run('PRAGMA trusted_schema = OFF');
  db.run('PRAGMA temp_store = MEMORY');
  db.run('PRAGMA cache_size = -16000');
  db.run('PRAGMA journal_size_limit = 67108864');
  if (owner === 0) db.run(`PRAGMA application_id = ${APPLICATION_ID}`);
  steadyPlans(db);
  return db;
}

/** Reads a pragma that answers one number. */
export function readPragma(db: Database, name: string): number {
  const row = db.query<Record<string, number>, []>(`PRAGMA ${name}`).get();
  return row ? (Object.values(row)[0] ?? 0) : 0;
}
