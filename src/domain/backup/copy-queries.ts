import type { Database } from 'bun:sqlite';

/** Names come from our own schema alone; the quotes are for good measure. */
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Opens the other file as `source` on this connection, which believes nothing that it says about itself. */
export function attachSource(db: Database, path: string): void {
  db.run('PRAGMA trusted_schema = OFF');
  db.run('PRAGMA cell_size_check = ON');
  db.query('ATTACH $path AS source').run({ path });
}

/** Ends what `attachSource` began. */
export function detachSource(db: Database): void {
  db.run('DETACH source');
}

/** A file that nobody else has yet need not wait for the disk: what goes wrong is thrown away as a whole. */
export function hurry(db: Database): void {
  // A log beside it would hold everything a second time.
  db.run('PRAGMA journal_mode = DELETE');
  // Indices are sorted on the disk, not in memory.
  db.run('PRAGMA temp_store = FILE');
  db.run('PRAGMA synchronous = OFF');
  db.run('PRAGMA foreign_keys = OFF');
}

/** The columns of one of our own tables that hold what was written, in their order. */
export function listColumns(db: Database, table: string): string[] {
  return db
    .query<{ name: string }, { table: string }>(
      `SELECT name FROM pragma_table_xinfo($table, 'main') WHERE hidden = 0 ORDER BY cid`,
    )
    .all({ table })
    .map((row) => row.name);
}

/**
 * Copies the rows of a table and gives how many. The columns are named, so SQLite looks at every value
 * instead of taking over pages: types, checks and NOT NULL of our own table hold.
 */
export function copyTable(db: Database, table: string, columns: readonly string[]): number {
  const list = columns.map(quoted).join(', ');
  return db
    .query(
      `INSERT INTO main.${quoted(table)} (${list}) SELECT ${list} FROM source.${quoted(table)}`,
    )
    .run().changes;
}

/** Takes an index or a trigger away until the rows are in. */
export function dropItem(db: Database, item: { type: string; name: string }): void {
  db.run(`DROP ${item.type === 'index' ? 'INDEX' : 'TRIGGER'} main.${quoted(item.name)}`);
}

/** Empties a table of what a migration wrote into it. */
export function clearTable(db: Database, table: string): void {
  db.run(`DELETE FROM main.${quoted(table)}`);
}

/** Writes the words of all posts for the search: the index is made, never copied. */
export function indexWords(db: Database): void {
  db.run('INSERT INTO post_words (rowid, words) SELECT id, words FROM post_texts ORDER BY id');
}
