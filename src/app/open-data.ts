import type { Database } from 'bun:sqlite';
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';
import { type MigrationReport, migrate } from '#base/db/migrate.ts';
import { openDatabase } from '#base/db/open.ts';
import { createFiles, type Files } from '#base/platform/files.ts';
import { type Lock, takeLock } from '#base/platform/lock.ts';
import { finishSwap } from '#domain/backup/restore-swap.ts';
import { settleUpdate } from '#domain/upkeep/settle-update.ts';

/** A data directory that belongs to this process until `close`. */
export type OpenData = {
  files: Files;
  db: Database;
  migration: MigrationReport;
  close(): void;
};

const KEPT_COPIES = 3;
const COPY = /^before-schema-\d+-\d+\.db$/;
const UNFINISHED = /^before-schema-\d+-\d+\.db\.part/;

/**
 * Makes the data directory ours: folders, lock, database at the newest schema. A copy of the
 * database lies in `backups` before a migration touches it, the newest three are kept. Throws
 * `conflict` if another process has the directory.
 */
export function openData(path: string, now: () => number): OpenData {
  const files = makeFolders(path);
  const lock = lockFolder(files);
  try {
    // An update that was cut short is taken back before the database is opened.
    settleUpdate(files.root, now());
    // What a restore began before it was cut off.
    if (finishSwap(files.root)) makeFolders(path);
    const db = openDatabase(files.database);
    // SQLite gives `-wal` and `-shm` the rights of the database.
    chmodSync(files.database, 0o600);
    const migration = migrate(db, (version) =>
      join(files.backups, `before-schema-${version + 1}-${now()}.db`),
    );
    if (migration.copy !== null) pruneCopies(files.backups);
    const close = () => {
      db.close();
      lock.release();
    };
    return { files, db, migration, close };
  } catch (error) {
    lock.release();
    if (error instanceof AppError) throw error;
    const trouble = asDiskTrouble(error, `the database in ${files.root}`);
    if (trouble !== null) throw trouble;
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('unavailable', `The data directory cannot be opened: ${why}`, {
      cause: error,
    });
  }
}

function makeFolders(path: string): Files {
  try {
    return createFiles(path);
  } catch (error) {
    const trouble = asDiskTrouble(error, path);
    if (trouble !== null) throw trouble;
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('unavailable', `The data directory ${path} cannot be used: ${why}`, {
      cause: error,
    });
  }
}

function lockFolder(files: Files): Lock {
  const lock = takeLock(files.lock);
  if ('release' in lock) return lock;
  const who = lock.heldBy > 0 ? ` (process ${lock.heldBy})` : '';
  throw new AppError(
    'conflict',
    `Another Tintype${who} uses the data directory ${files.root} already.`,
  );
}

function pruneCopies(folder: string): void {
  const made = (name: string) => Number(name.split('-').at(-1)?.replace('.db', ''));
  const copies = readdirSync(folder)
    .filter((name) => COPY.test(name))
    .sort((a, b) => made(b) - made(a));
  const unfinished = readdirSync(folder).filter((name) => UNFINISHED.test(name));
  for (const name of [...copies.slice(KEPT_COPIES), ...unfinished]) {
    rmSync(join(folder, name), { force: true });
  }
}
