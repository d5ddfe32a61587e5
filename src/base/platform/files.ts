import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** What lies below `media/local` or `media/cache`, as a sweep sees it. Times in milliseconds since 1970. */
export type StoredFile = { name: string; bytes: number; modifiedAt: number };

/** The data directory as a tree of paths, and the only way that files get into it and out of it. */
export type Files = {
  readonly root: string;
  readonly database: string;
  readonly tmp: string;
  readonly native: string;
  readonly backups: string;
  /** Archives of people, ready to be fetched. */
  readonly exports: string;
  /** Archives that people brought. */
  readonly imports: string;
  /** The newest lines of the log. */
  readonly logs: string;
  readonly lock: string;
  readonly adminSocket: string;
  /** A fresh path in `tmp`, nothing there yet. */
  tempPath(extension?: string): string;
  /** Where a blob lies: `media/local/ab/abcd….jpg`. Only names that `randomName` can make are accepted. */
  mediaPath(name: string): string;
  /** Moves a finished temp file to its name: fsync, rename, fsync of the directory. */
  putMedia(tempPath: string, name: string): Promise<void>;
  /** Removes a blob; a missing one is no error. */
  removeMedia(name: string): Promise<void>;
  /** Every blob on disk, in no order; what has no name of a blob is passed over. */
  listMedia(): AsyncIterable<StoredFile>;
  /** Where a copy of a remote picture lies: `media/cache/ab/abcd….webp`; named like a blob. */
  cachePath(name: string): string;
  /** Moves a finished temp file into the cache, as durable as `putMedia`. */
  putCached(tempPath: string, name: string): Promise<void>;
  /** Removes a copy; a missing one is no error. */
  removeCached(name: string): Promise<void>;
  /** Every copy on disk, in no order. */
  listCached(): AsyncIterable<StoredFile>;
  /** Throws away what a crash left in `tmp`; only while no upload runs. */
  clearTemp(): void;
  /** Bytes that the file system has left for this process. */
  freeBytes(): number;
};

// 128 random bits in base 32 and the extension of the type.
const BLOB_NAME = /^[a-z2-7]{26}\.[a-z0-9]{2,5}$/;

/** Makes the folders of a data directory (readable by their owner alone) and gives the way into it. */
export function createFiles(path: string): Files {
  const root = resolve(path);
  const folder = (name: string) => {
    const made = join(root, name);
    mkdirSync(made, { recursive: true, mode: 0o700 });
    return made;
  };
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const media = folder('media/local');
  const cache = folder('media/cache');
  const tmp = folder('tmp');
  const pathIn = (place: string) => (name: string) => {
    if (!BLOB_NAME.test(name)) throw new TypeError(`"${name}" is not the name of a blob.`);
    return join(place, name.slice(0, 2), name);
  };
  const mediaPath = pathIn(media);
  const cachePath = pathIn(cache);
  return {
    root,
    database: join(root, 'tintype.db'),
    tmp,
    native: folder('native'),
    backups: folder('backups'),
    exports: folder('exports'),
    imports: folder('imports'),
    logs: folder('logs'),
    lock: join(root, 'lock'),
    adminSocket: join(root, 'admin.sock'),
    tempPath: (extension) =>
      join(tmp, extension === undefined ? randomUUID() : `${randomUUID()}.${extension}`),
    mediaPath,
    putMedia: (tempPath, name) => putFile(tempPath, mediaPath(name)),
    removeMedia: (name) => rm(mediaPath(name), { force: true }),
    listMedia: () => listBlobs(media),
    cachePath,
    putCached: (tempPath, name) => putFile(tempPath, cachePath(name)),
    removeCached: (name) => rm(cachePath(name), { force: true }),
    listCached: () => listBlobs(cache),
    clearTemp: () => {
      for (const name of readdirSync(tmp))
        rmSync(join(tmp, name), { recursive: true, force: true });
    },
    freeBytes: () => {
      const disk = statfsSync(root);
      return disk.bavail * disk.bsize;
    },
  };
}

// The bytes are on the disk before the name is, and the name before this returns: a row that is
// written afterwards never points at half a file, not even after a power cut.
async function putFile(from: string, to: string): Promise<void> {
  await flush(from);
  const made = await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
  await flush(dirname(to));
  if (made !== undefined) await flush(dirname(made));
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* listBlobs(place: string): AsyncGenerator<StoredFile> {
  for (const folder of await readdir(place)) {
    for (const name of await namesIn(join(place, folder))) {
      if (!BLOB_NAME.test(name) || basename(folder) !== name.slice(0, 2)) continue;
      const found = await stat(join(place, folder, name)).catch(() => null);
      if (found?.isFile()) yield { name, bytes: found.size, modifiedAt: found.mtimeMs };
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
