import { Database } from 'bun:sqlite';

/**
 * What a place holds and what a backup names, as two tables in a file of their own: sets of any size
 * are compared in the same few megabytes of memory.
 */
export type Working = Database;

/** A file that a backup names. `path`: where its content lies in the place. */
export type WorkingFile = { name: string; bytes: number; sha256: string; path: string };

/** One content: `stored` is what it takes up in the place, null if it is not there. */
export type WorkingContent = {
  path: string;
  name: string;
  bytes: number;
  sha256: string;
  stored: number | null;
};

/** Makes the two tables in a new file; what is in it outlives nothing. */
export function openWorking(path: string): Working {
  const db = new Database(path, { create: true, readwrite: true, strict: true });
  db.run('PRAGMA journal_mode = OFF');
  db.run('PRAGMA synchronous = OFF');
  db.run('PRAGMA cache_size = -8000');
  db.run(
    `CREATE TABLE stored (path TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  );
  db.run(`CREATE TABLE files (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
    path TEXT NOT NULL) STRICT, WITHOUT ROWID`);
  db.run('CREATE INDEX files_by_path ON files (path)');
  db.run('CREATE TABLE copied (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID');
  return db;
}

/** Writes what comes, some hundreds at a time. */
export async function fillWorking<T>(
  db: Working,
  items: AsyncIterable<T> | Iterable<T>,
  insert: (db: Working, item: T) => void,
): Promise<void> {
  let batch: T[] = [];
  const flush = () => {
    db.transaction(() => {
      for (const item of batch) insert(db, item);
    })();
    batch = [];
  };
  for await (const item of items) {
    batch.push(item);
    if (batch.length >= 500) flush();
  }
  flush();
}

/** Notes a file of the place; `bytes` as it takes up there. */
export function insertStored(db: Working, entry: { path: string; bytes: number }): void {
  const { path, bytes } = entry;
  db.query('INSERT OR REPLACE INTO stored (path, bytes) VALUES ($path, $bytes)').run({
    path,
    bytes,
  });
}

/** Notes a file of a backup; false if its name was there already. */
export function insertFile(db: Working, file: WorkingFile): boolean {
  const { name, bytes, sha256, path } = file;
  const { changes } = db
    .query(
      `INSERT OR IGNORE INTO files (name, bytes, sha256, path)
       VALUES ($name, $bytes, $sha256, $path)`,
    )
    .run({ name, bytes, sha256, path });
  return changes > 0;
}

/** Notes a file that several backups may name. */
export function insertFileAgain(db: Working, file: WorkingFile): void {
  insertFile(db, file);
}

/** What a content should be; null if no file has it. */
export function findContent(db: Working, path: string): { bytes: number; sha256: string } | null {
  return db
    .query<{ bytes: number; sha256: string }, { path: string }>(
      'SELECT bytes, sha256 FROM files WHERE path = $path LIMIT 1',
    )
    .get({ path });
}

/** Forgets every file with this content. */
export function deleteContent(db: Working, path: string): void {
  db.query('DELETE FROM files WHERE path = $path').run({ path });
}

/** Forgets a file, and answers what it was; null if it was not there. */
export function takeFile(db: Working, name: string): WorkingFile | null {
  return db
    .query<WorkingFile, { name: string }>(
      'DELETE FROM files WHERE name = $name RETURNING name, bytes, sha256, path',
    )
    .get({ name });
}

/** Notes that a content was copied just now. */
export function insertCopied(db: Working, path: string): void {
  db.query('INSERT OR IGNORE INTO copied (path) VALUES ($path)').run({ path });
}

/** True if a content was copied just now. */
export function isCopied(db: Working, path: string): boolean {
  return db.query('SELECT 1 FROM copied WHERE path = $path').get({ path }) !== null;
}

/** Names of all files with this content. */
export function listNames(db: Working, path: string): string[] {
  return db
    .query<{ name: string }, { path: string }>(
      'SELECT name FROM files WHERE path = $path ORDER BY name LIMIT 100',
    )
    .all({ path })
    .map((row) => row.name);
}

/** Contents after a path, in the order of paths. */
export function listContents(db: Working, after: string, limit: number): WorkingContent[] {
  return db
    .query<WorkingContent, { after: string; limit: number }>(
      `SELECT f.path, min(f.name) AS name, f.bytes, f.sha256, s.bytes AS stored
       FROM files f LEFT JOIN stored s ON s.path = f.path
       WHERE f.path > $after GROUP BY f.path ORDER BY f.path LIMIT $limit`,
    )
    .all({ after, limit });
}

/** Files after a name, in the order of names. */
export function listFiles(db: Working, after: string, limit: number): WorkingFile[] {
  return db
    .query<WorkingFile, { after: string; limit: number }>(
      `SELECT name, bytes, sha256, path FROM files WHERE name > $after ORDER BY name LIMIT $limit`,
    )
    .all({ after, limit });
}

/** Files of the place that no backup names, after a path. */
export function listUnnamed(
  db: Working,
  after: string,
  limit: number,
): { path: string; bytes: number }[] {
  return db
    .query<{ path: string; bytes: number }, { after: string; limit: number }>(
      `SELECT s.path, s.bytes FROM stored s
       WHERE s.path > $after AND NOT EXISTS (SELECT 1 FROM files f WHERE f.path = s.path)
       ORDER BY s.path LIMIT $limit`,
    )
    .all({ after, limit });
}

/** How many files there are, their bytes, and how many contents. */
export function countFiles(db: Working): { files: number; bytes: number; contents: number } {
  return (
    db
      .query<{ files: number; bytes: number; contents: number }, []>(
        `SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes,
           count(DISTINCT path) AS contents FROM files`,
      )
      .get() ?? { files: 0, bytes: 0, contents: 0 }
  );
}
