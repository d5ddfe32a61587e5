import type { Database } from 'bun:sqlite';
import { renameSync, rmSync } from 'node:fs';
import { flushFile } from '#base/platform/write-durably.ts';
import { migrations } from './migrations.ts';
import { readPragma } from './open.ts';
import { transaction } from './transaction.ts';

export type MigrationReport = { from: number; to: number; copy: string | null };

/**
 * Brings a database to the newest schema, each step in its own transaction together with its
 * `user_version`. Foreign keys sleep meanwhile, or a step that builds a table anew would take along
 * all that points to the old one; each step is checked for broken ones instead. Before the first
 * step of a database that already holds data a copy is written to `copyPath(version)`, unless that is
 * null. Throws if the file is newer than this executable. `steps` is for tests and for old backups.
 */
export function migrate(
  db: Database,
  copyPath: ((version: number) => string) | null,
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
  if (from > 0 && from < to && copyPath !== null) {
    copy = copyPath(from);
    // What a crash leaves of it bears no name that promises a whole copy.
    const unfinished = `${copy}.part`;
    rmSync(unfinished, { force: true });
    db.query('VACUUM INTO ?').run(unfinished);
    flushFile(unfinished);
    renameSync(unfinished, copy);
  }
  if (from === to) return { from, to, copy };
  // Nothing happens to this pragma inside a transaction, so it comes before them.
  db.run('PRAGMA foreign_keys = OFF');
  try {
    for (const [index, sql] of steps.entries()) if (index >= from) takeStep(db, sql, index + 1);
  } finally {
    db.run('PRAGMA foreign_keys = ON');
  }
  return { from, to, copy };
}

function takeStep(db: Database, sql: string, version: number): void {
  transaction(db, () => {
    db.run(sql);
    const broken = db.query<{ table: string }, []>('PRAGMA foreign_key_check').all();
    if (broken.length > 0) {
      throw new Error(`The step to schema ${version} breaks references of ${broken[0]?.table}.`);
    }
    db.run(`PRAGMA user_version = ${version}`);
  });
}
