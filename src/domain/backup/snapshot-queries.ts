import { Database } from 'bun:sqlite';

/** What a copy of the database is like. */
export type DatabaseFacts = { schema: number; counts: Record<string, number> };

export type CopiedBlob = { name: string; bytes: number; sha256: string };

const FOUND = 20;

/** Opens a database for reading; nothing in its schema is trusted (T118). */
export function openCopy(path: string): Database {
  const db = new Database(path, { readonly: true, strict: true });
  db.run('PRAGMA trusted_schema = OFF');
  db.run('PRAGMA cell_size_check = ON');
  db.run('PRAGMA cache_size = -8000');
  return db;
}

/** Bytes that a copy of the database takes at most. */
export function measureDatabase(db: Database): number {
  const row = db
    .query<{ bytes: number }, []>(
      `SELECT (c.page_count - f.freelist_count) * s.page_size AS bytes
       FROM pragma_page_count c, pragma_freelist_count f, pragma_page_size s`,
    )
    .get();
  return row?.bytes ?? 0;
}

/** Writes a whole, consistent copy; writers are not held up meanwhile. */
export function copyDatabase(db: Database, path: string): void {
  db.query('VACUUM INTO ?').run(path);
}

/** Schema and numbers of rows of all ordinary tables. */
export function readFacts(db: Database): DatabaseFacts {
  const schema = db.query<{ user_version: number }, []>('PRAGMA user_version').get();
  const tables = db
    .query<{ name: string }, []>(
      `SELECT name FROM pragma_table_list
       WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY name`,
    )
    .all();
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const table = `"${name.replaceAll('"', '""')}"`;
    const row = db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get();
    counts[name] = row?.n ?? 0;
  }
  return { schema: schema?.user_version ?? 0, counts };
}

/** What SQLite finds wrong with a database, a few sentences at most. */
export function findDatabaseProblems(db: Database): string[] {
  const damage = db
    .query<{ integrity_check: string }, []>(`PRAGMA integrity_check(${FOUND})`)
    .all()
    .map((row) => row.integrity_check)
    .filter((text) => text !== 'ok');
  const broken = db
    .query<{ table: string; rowid: number | null; parent: string }, []>(
      `SELECT "table", rowid, parent FROM pragma_foreign_key_check LIMIT ${FOUND}`,
    )
    .all()
    .map(
      (row) => `row ${row.rowid ?? '?'} of ${row.table} names one of ${row.parent} that is missing`,
    );
  return [...damage, ...broken];
}

/** Every blob, in the order of names. */
export function* listCopiedBlobs(db: Database): Generator<CopiedBlob> {
  const page = db.query<CopiedBlob, { after: string }>(
    'SELECT name, bytes, sha256 FROM blobs WHERE name > $after ORDER BY name LIMIT 500',
  );
  for (let after = ''; ; ) {
    const rows = page.all({ after });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.name;
  }
}
