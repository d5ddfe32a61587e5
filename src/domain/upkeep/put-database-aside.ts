import { constants, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { openDatabase } from '#base/db/open.ts';
import { freeBytesOf } from '#base/platform/free-bytes.ts';
import { flushFile, flushFolder } from '#base/platform/write-durably.ts';
import { emptyLog } from './queries.ts';
import { readUpdateRecord, updatePlaces, writeUpdateRun } from './update-record.ts';

const SPARE = 64_000_000;

/**
 * Puts the database aside as it is and a copy of it in its place, for a new version to work on. Only
 * while nobody has it open. Throws, with nothing changed, when it is in use or the disk is too full.
 */
export function putDatabaseAside(data: string): void {
  const places = updatePlaces(data);
  closeLog(places.database);
  // A database of an earlier update must not be taken for this one's.
  rmSync(places.previous, { force: true });
  rmSync(places.next, { force: true });
  flushFolder(places.folder);
  requireSpace(data, statSync(places.database).size);
  // Where the file system can, the copy shares its blocks and takes no time.
  copyFileSync(places.database, places.next, constants.COPYFILE_FICLONE);
  flushFile(places.next);
  writeUpdateRun(data, { phase: 'switching' });
  renameSync(places.database, places.previous);
  renameSync(places.next, places.database);
  flushFolder(places.folder);
  flushFolder(data);
}

/**
 * Puts the database back as the old version left it, if the update that runs has put it aside; can be
 * done again after a crash. What lies there of an earlier update stays.
 */
export function takeDatabaseBack(data: string): void {
  const places = updatePlaces(data);
  rmSync(places.next, { force: true });
  const phase = readUpdateRecord(data).run?.phase;
  const isAside = phase === 'switching' || phase === 'proven' || phase === 'swapped';
  if (!existsSync(places.previous) || (!isAside && existsSync(places.database))) return;
  // A log that belongs to the other file would be read into this one.
  for (const end of ['-wal', '-shm']) rmSync(places.database + end, { force: true });
  flushFolder(data);
  renameSync(places.previous, places.database);
  flushFolder(places.folder);
  flushFolder(data);
}

function closeLog(path: string): void {
  const db = openDatabase(path);
  const isEmpty = emptyLog(db);
  db.close();
  const log = `${path}-wal`;
  if (isEmpty && (!existsSync(log) || statSync(log).size === 0)) return;
  throw new AppError(
    'conflict',
    'Another program reads the database at this moment. If that is Litestream, stop it for the update and start it again afterwards; else try again when it is done.',
  );
}

function requireSpace(data: string, bytes: number): void {
  const free = freeBytesOf(data);
  if (free >= bytes + SPARE) return;
  throw new AppError(
    'out_of_space',
    `An update keeps the old database until the new version has proven itself: that takes ${formatBytes(bytes + SPARE)}, and ${formatBytes(free)} are free.`,
  );
}
