import { Database } from 'bun:sqlite';

/**
 * Opens a database to look at it, beside whoever writes: nothing is changed, not even a migration is
 * made. Throws if it is no database; a damaged one may open and throw later.
 */
export function openForReading(path: string): Database {
  const db = new Database(path, { readonly: true, strict: true });
  try {
    db.run('PRAGMA busy_timeout = 5000');
    db.run('PRAGMA trusted_schema = OFF');
    // The first read is what finds out.
    db.query('SELECT count(*) AS n FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
