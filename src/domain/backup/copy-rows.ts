import { Database } from 'bun:sqlite';
import { chmodSync } from 'node:fs';
import { AppError } from '#base/core/errors.ts';
import { migrate } from '#base/db/migrate.ts';
import { migrations } from '#base/db/migrations.ts';
import { openDatabase, readPragma } from '#base/db/open.ts';
import { transaction } from '#base/db/transaction.ts';
import {
  attachSource,
  clearTable,
  copyTable,
  detachSource,
  dropItem,
  hurry,
  indexWords,
  listColumns,
} from './copy-queries.ts';
import { findForeign, knownSchema, newestSchema } from './known-schema.ts';
import { distrust, findFaults, listSchema, type SchemaItem } from './schema-queries.ts';

/** The schema that the rows came in, and how many of each table. */
export type CopyReport = { schema: number; rows: Record<string, number> };

const SEARCH_INDEX = 'post_words';

/**
 * Looks at a database file that anybody may have made and gives its schema version: damage, an unknown
 * version, and everything that our own migrations would not have made throw `invalid` (T118).
 */
export function inspectDatabase(path: string): number {
  const db = openDistrusted(path);
  try {
    const version = readPragma(db, 'user_version');
    if (version < 1) throw refuse('it has no schema of ours');
    if (version > newestSchema()) {
      throw new AppError(
        'invalid',
        `The database in this backup was written by a newer Tintype (schema ${version}, this one knows ${newestSchema()}). Restore it with that version.`,
      );
    }
    const foreign = findForeign(listSchema(db), version);
    if (foreign.length > 0) throw refuse(foreign.slice(0, 5).join(' ').replace(/\.$/, ''));
    const faults = findFaults(db);
    if (faults.length > 0) throw refuse(`it is damaged (${faults.slice(0, 5).join('; ')})`);
    return version;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refuse(`it cannot be read (${error instanceof Error ? error.message : error})`, error);
  } finally {
    db.close();
  }
}

/**
 * Copies the rows of `from`, and nothing else of it, into a new database at `to` that our own
 * migrations made, then brings that to the newest schema. Triggers and indices are put in when the
 * rows are there, the search index is made anew. `from` has passed `inspectDatabase`. What is written
 * is not on the disk for certain before the caller has flushed it.
 */
export function copyRows(from: string, to: string): CopyReport {
  const schema = inspectDatabase(from);
  const db = openDatabase(to);
  chmodSync(to, 0o600);
  try {
    migrate(db, null, migrations.slice(0, schema));
    hurry(db);
    attachSource(db, from);
    const rows = transaction(db, () => fill(db, knownSchema(schema)));
    detachSource(db);
    const faults = findFaults(db);
    if (faults.length > 0) throw refuse(`its rows do not fit (${faults.slice(0, 5).join('; ')})`);
    migrate(db, null);
    return { schema, rows };
  } catch (error) {
    if (error instanceof AppError || isFull(error)) throw error;
    throw refuse(`its rows do not fit (${error instanceof Error ? error.message : error})`, error);
  } finally {
    db.close();
  }
}

function fill(db: Database, schema: readonly SchemaItem[]): Record<string, number> {
  const later = schema.filter((item) => /^(?:index|trigger)$/.test(item.type) && item.sql !== null);
  for (const item of later) dropItem(db, item);
  const rows: Record<string, number> = {};
  for (const table of tablesOf(schema)) {
    clearTable(db, table);
    rows[table] = copyTable(db, table, listColumns(db, table));
  }
  for (const { sql } of later) if (sql !== null) db.run(sql);
  if (schema.some((item) => item.name === SEARCH_INDEX)) indexWords(db);
  return rows;
}

/** Tables with rows of their own: not the virtual one, nor those that it keeps itself in. */
export function tablesOf(schema: readonly SchemaItem[]): string[] {
  return schema
    .filter((item) => item.type === 'table' && !item.name.startsWith('sqlite_'))
    .map((item) => item.name)
    .filter((name) => name !== SEARCH_INDEX && !name.startsWith(`${SEARCH_INDEX}_`));
}

function openDistrusted(path: string): Database {
  try {
    const db = new Database(path, { readonly: true, strict: true });
    distrust(db);
    return db;
  } catch (error) {
    throw refuse('it cannot be opened', error);
  }
}

function refuse(why: string, cause?: unknown): AppError {
  return new AppError(
    'invalid',
    `The database in this backup is refused: ${why}. Nothing was changed; choose another backup with --name.`,
    { cause },
  );
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_FULL';
}
