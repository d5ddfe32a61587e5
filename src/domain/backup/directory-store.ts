import { randomUUID } from 'node:crypto';
import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { syncFileSystem } from '#base/platform/sync-file-system.ts';
import type { Store, StoreEntry } from './store.ts';

// What is not finished; never listed, and taken away by `tidy`.
const UNFINISHED = '.unfinished-';

/**
 * A directory as a place of backups, readable by its owner alone. Its parent must be there: a disk
 * that is not connected must not turn into a folder of the system's disk. With `make` it is made.
 */
export function openDirectoryStore(root: string, make: boolean): Store {
  openFolder(root, make);
  const disk = statSync(root);
  // Once it is gone, folders that are made under its name would lie on the disk below.
  const requireDisk = () => {
    const found = statSync(root, { throwIfNoEntry: false });
    if (found?.dev === disk.dev && found.ino === disk.ino) return;
    throw new AppError('unavailable', `${root} went away meanwhile. Is the disk connected?`);
  };
  const at = (path: string) => join(root, path);
  const tell = (error: unknown) => describe(root, error);
  return {
    kind: 'directory',
    label: root,
    list: (prefix) => listFiles(root, prefix),
    write: async (path, source) => {
      requireDisk();
      await writeFile(at(path), source).catch((error: unknown) => {
        throw tell(error);
      });
    },
    link: async (path, localFile) => {
      requireDisk();
      return await linkFile(at(path), localFile);
    },
    read: (path) => readFile(at(path), path),
    size: async (path) => {
      const found = await lstat(at(path)).catch(() => null);
      return found?.isFile() ? found.size : null;
    },
    remove: async (path) => {
      await rm(at(path), { force: true }).catch((error: unknown) => {
        throw tell(error);
      });
      await removeEmpty(root, dirname(path));
    },
    // Once for all files: a wait for each takes twenty milliseconds on a card or a spinning disk.
    settle: async () => {
      try {
        syncFileSystem(root);
      } catch (error) {
        throw tell(error);
      }
    },
    tidy: () => tidy(root),
    freeBytes: () => {
      requireDisk();
      const disk = statfsSync(root);
      return disk.bavail * disk.bsize;
    },
    sharesDiskWith: (path) => statSync(path).dev === disk.dev,
  };
}

function openFolder(root: string, make: boolean): void {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (!make) {
    throw new AppError('not_found', `There are no backups in ${root}. Is the disk connected?`);
  }
  const parent = dirname(root);
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new AppError(
      'unavailable',
      `Backups should go to ${root}, but ${parent} is not there. Is the disk connected? Otherwise make that folder.`,
    );
  }
  try {
    mkdirSync(root, { mode: 0o700 });
  } catch (error) {
    throw describe(root, error);
  }
}

async function writeFile(target: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  const temp = join(dirname(target), `${UNFINISHED}${randomUUID()}`);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    const file = await open(temp, 'wx', 0o600);
    try {
      for await (const piece of source) await writeAll(file, piece);
    } finally {
      await file.close();
    }
    await rename(temp, target);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, piece: Uint8Array): Promise<void> {
  for (let done = 0; done < piece.byteLength; ) {
    done += (await file.write(piece, done)).bytesWritten;
  }
}

async function linkFile(target: string, localFile: string): Promise<boolean> {
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rm(target, { force: true });
    await link(localFile, target);
    return true;
  } catch {
    // Another disk, a file system without links, or a missing file, which the copy then tells of.
    return false;
  }
}

async function* readFile(path: string, name: string): AsyncGenerator<Uint8Array> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isFile()) throw new AppError('not_found', `${name} is not in the backup.`);
  yield* Bun.file(path).stream();
}

async function* listFiles(root: string, prefix: string): AsyncGenerator<StoreEntry> {
  const names = (await readdir(join(root, prefix)).catch(() => [])).sort();
  for (const name of names) {
    if (name.startsWith('.')) continue;
    const path = `${prefix}${name}`;
    const found = await lstat(join(root, path)).catch(() => null);
    if (found?.isFile()) yield { path, bytes: found.size };
    else if (found?.isDirectory()) yield* listFiles(root, `${path}/`);
  }
}

/** Only below our own folders: the directory may hold things of others as well. */
async function tidy(root: string): Promise<void> {
  const look = async (folder: string): Promise<void> => {
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      if (name.startsWith(UNFINISHED)) await rm(path, { force: true });
      else if ((await lstat(path).catch(() => null))?.isDirectory()) await look(path);
    }
  };
  for (const name of await readdir(root).catch(() => [])) {
    if (name.startsWith(UNFINISHED)) await rm(join(root, name), { force: true });
  }
  await look(join(root, 'media'));
  await look(join(root, 'snapshots'));
}

/** Folders go when their last file went, but for those at the top. */
async function removeEmpty(root: string, folder: string): Promise<void> {
  for (let path = folder; path.includes('/'); path = dirname(path)) {
    const gone = await rmdir(join(root, path)).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}

function describe(root: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof AppError) return error;
  const options = { cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new AppError(
      'out_of_space',
      `There is no room left in ${root}; the backup was not finished. Make room there, keep fewer backups, or choose another place.`,
      options,
    );
  }
  if (code === 'EROFS') {
    return new AppError(
      'unavailable',
      `Nothing can be written to ${root}, because its disk is read-only. Disks become so when they fail: look at the system's log.`,
      options,
    );
  }
  if (/^(EACCES|EPERM|EIO|ENOTDIR|ENXIO|ENODEV|ESTALE|ENOENT)$/.test(code)) {
    return new AppError('unavailable', `${root} cannot be used for backups (${code}).`, options);
  }
  return error instanceof Error ? error : new Error(String(error));
}
