import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { link, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { openDatabase } from '#base/db/open.ts';
import { createFiles } from '#base/platform/files.ts';
import { freeBytesOf } from '#base/platform/free-bytes.ts';
import { copyDatabase } from './queries.ts';
import { updatePlaces } from './update-record.ts';

const SPARE = 64_000_000;
const LARGEST_KEY = 1_000_000;
const KEY = /^[\w.-]+\.(?:key|toml)$/;

/**
 * Makes a data directory that a new version may migrate and serve while the real one is in use: the
 * database as it is now, keys and settings, and each photo as a second name of the same bytes, so that
 * it needs no room. Files are never changed in place, so removing a name there removes nothing here.
 */
export async function copyForTrial(data: string, signal: AbortSignal): Promise<string> {
  const places = updatePlaces(data);
  rmSync(places.trial, { recursive: true, force: true });
  requireSpace(data, statSync(places.database).size);
  mkdirSync(places.trial, { recursive: true, mode: 0o700 });
  const db = openDatabase(places.database);
  try {
    copyDatabase(db, join(places.trial, 'tintype.db'));
  } finally {
    db.close();
  }
  for (const name of readdirSync(data)) {
    const found = KEY.test(name) ? statSync(join(data, name)) : null;
    if (found?.isFile() && found.size <= LARGEST_KEY) {
      copyFileSync(join(data, name), join(places.trial, name));
    }
  }
  await nameMedia(data, places.trial, signal);
  return places.trial;
}

async function nameMedia(data: string, trial: string, signal: AbortSignal): Promise<void> {
  const [from, to] = [createFiles(data), createFiles(trial)];
  for await (const { name } of from.listMedia()) {
    signal.throwIfAborted();
    await nameAgain(from.mediaPath(name), to.mediaPath(name));
  }
}

async function nameAgain(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    await link(from, to);
  } catch {
    // It went meanwhile, or it lies on another disk, where only a pointer can go.
    if (existsSync(from)) await symlink(from, to);
  }
}

function requireSpace(data: string, bytes: number): void {
  const free = freeBytesOf(data);
  if (free >= bytes + SPARE) return;
  throw new AppError(
    'out_of_space',
    `The new version is tried on a copy of the database first: that takes ${formatBytes(bytes + SPARE)}, and ${formatBytes(free)} are free.`,
  );
}
