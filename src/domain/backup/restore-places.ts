import {
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#base/core/errors.ts';

const STAGE = 'restoring';
const KEPT = 'before-restore';
const STAMP = /^\d{8}T\d{6}Z(?:-\d+)?$/;

/** Two folders on the disk of the data: where the new data is made, and where the old one goes. */
export type RestorePlaces = { stage: string; kept: string };

/** Old data that a restore put aside; `at` as in its name, like `20261123T041524Z`. */
export type KeptData = { path: string; at: string };

/**
 * Makes the folder in which a restore is prepared: beside the data directory, or inside it where there
 * is no room beside (a mount point, a parent that belongs to somebody else). The data directory must be
 * there. Throws `unavailable` if it can be written nowhere.
 */
export function makeRestorePlaces(data: string, now: number): RestorePlaces {
  for (const name of namers(data)) {
    for (const stamp of stampsOf(now)) {
      const places = { stage: name(STAGE, stamp), kept: name(KEPT, stamp) };
      if (existsSync(places.kept) || existsSync(places.stage)) continue;
      if (!canMake(places.stage)) break;
      if (statSync(places.stage).dev === statSync(data).dev) return places;
      rmSync(places.stage, { recursive: true });
      break;
    }
  }
  throw new AppError(
    'unavailable',
    `Nothing can be written in ${data}, nor beside it. Restore as the user that the server runs as.`,
  );
}

function canMake(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}

/** A free name for what is there now, beside other data that is kept. */
export function nameKept(data: string, neighbour: string, now: number): string {
  const isInside = dirname(neighbour) === realpathSync(data);
  const name = namers(data)[isInside ? 1 : 0] ?? ((kind, stamp) => join(data, `${kind}-${stamp}`));
  for (const stamp of stampsOf(now)) {
    const path = name(KEPT, stamp);
    if (!existsSync(path)) return path;
  }
  throw new AppError('conflict', `There is old data of this moment beside ${data} already.`);
}

/** Every folder of old data with a database in it, the newest first. */
export function listKept(data: string): KeptData[] {
  return list(data, KEPT)
    .filter(({ path }) => existsSync(join(path, 'tintype.db')))
    .map(({ path, stamp }) => ({ path, at: stamp }))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Folders of restores that were not finished. */
export function listStages(data: string): string[] {
  return list(data, STAGE).map(({ path }) => path);
}

/** True for a folder that this program names so, for this data directory. */
export function isRestorePlace(data: string, path: string): boolean {
  return [STAGE, KEPT].some((kind) => list(data, kind).some((each) => each.path === path));
}

/** The moment, and some more names of it for those who are fast. */
function stampsOf(now: number): string[] {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return [stamp, ...Array.from({ length: 20 }, (_, n) => `${stamp}-${n + 1}`)];
}

/**
 * What root makes for the user that the server runs as belongs to that user, like the data directory.
 * A link that this user left in its place is given itself, not what it leads to (T120).
 */
export function giveToOwner(path: string, data: string): void {
  const { uid, gid } = statSync(data);
  if (process.getuid?.() === 0 && uid !== 0) lchownSync(path, uid, gid);
}

type Namer = (kind: string, stamp: string) => string;

/** Beside first, then inside. */
function namers(data: string): Namer[] {
  const real = realpathSync(data);
  return [
    (kind, stamp) => join(dirname(real), `${basename(real)}.${kind}-${stamp}`),
    (kind, stamp) => join(real, `${kind}-${stamp}`),
  ];
}

function list(data: string, kind: string): { path: string; stamp: string }[] {
  if (!existsSync(data)) return [];
  // A parent that others may write to can hold folders of theirs under such names.
  const owners = [statSync(data).uid, process.getuid?.()];
  return namers(data).flatMap((name) => {
    const start = name(kind, '');
    return names(dirname(start)).flatMap((each) => {
      const path = join(dirname(start), each);
      const stamp = path.startsWith(start) ? path.slice(start.length) : '';
      const found = STAMP.test(stamp) ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
      return found?.isDirectory() && owners.includes(found.uid) ? [{ path, stamp }] : [];
    });
  });
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A parent that may not be read holds nothing of ours.
    return [];
  }
}
