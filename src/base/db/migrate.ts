import type { Database } from 'bun:sqlite';
import { migrations } from './migrations.ts';
import { readPragma } from './open.ts';
import { transaction } from './transaction.ts';

export type MigrationReport = { from: number; to: number; copy: string | null };

/**
 * Brings a database to the newest schema, each step in its own transaction together with its
 * `user_version`. Before the first step of a database that already holds data a copy is written to
 * `copyPath(version)`. Throws if the file is newer than this executable. `steps` is for tests.
 */
export function migrate(
  db: Database,
  copyPath: (version: number) => string,
  steps: readonly string[] = migrations,
): MigrationReport {
  const from = readPragma(db, 'user_version');
  const to = steps.length;
  if (from > to) {
    throw new Error(
      `The database was written by a newer Tintype (schema ${from}, this one knows ${to}). Start that version again.`,
    );
  }
  let copy: string | null = null;
  if (from > 0 && from < to) {
    copy = copyPath(from);
    db.query('VACUUM INTO ?').run(copy);
  }
  for (let version = from; version < to; version += 1) {
    const sql = steps[version];
    if (sql === undefined) break;
    transaction(db, () => {
      db.run(sql);
      db.run(`PRAGMA user_version = ${version + 1}`);
    });
  }
  return { from, to, copy };
}
