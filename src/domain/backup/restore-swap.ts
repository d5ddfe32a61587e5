import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { flushFolder, writeDurably } from '#base/platform/write-durably.ts';
import { giveToOwner, isRestorePlace, listStages, type RestorePlaces } from './restore-places.ts';

const JOURNAL = 'restore-under-way.json';

/** What is replaced as a whole. */
const DATA = [
  'tintype.db',
  'tintype.db-wal',
  'tintype.db-shm',
  'media',
  'exports',
  'imports',
] as const;
/** Keys: the old ones are copied, and stay where there is no new one. */
const KEYS = ['push.key', 'backup.key'] as const;
const SETTINGS = 'tintype.toml';

/** `out`: the old data goes to `kept`; `in`: all of it is there, and the new data comes. */
const journal = v.object({
  stage: v.string(),
  kept: v.string(),
  phase: v.picklist(['out', 'in']),
});
type Journal = v.InferOutput<typeof journal>;
type Step = () => void;

/**
 * Puts the finished data of `places.stage` in the place of what is in `data` and keeps that in
 * `places.kept`, all by renaming. The caller holds the lock of the data directory. What is begun is
 * written down first: a process that dies on the way leaves a journal, and `finishSwap` goes on from
 * there. So there is either the old data, or the new as soon as anybody looks. `step` is called before
 * each change on the disk: tests end the work there.
 */
export function swapData(data: string, places: RestorePlaces, step: Step = () => undefined): void {
  flushFolder(places.stage);
  flushFolder(dirname(places.stage));
  go(data, { ...places, phase: 'out' }, step);
}

/**
 * Ends what a restore that was cut off has begun: goes on with a swap, or throws away what was not
 * ready. Called with the lock held, before the database is opened. True if the data is other data now.
 */
export function finishSwap(data: string, step: Step = () => undefined): boolean {
  const begun = readJournal(data);
  if (begun !== null) go(data, begun, step);
  dropStages(data);
  return begun !== null;
}

/** Throws away what restores have prepared and not finished. */
export function dropStages(data: string): void {
  for (const stage of listStages(data)) rmSync(stage, { recursive: true, force: true });
}

/** True from the moment on in which a swap must be brought to its end. */
export function isSwapping(data: string): boolean {
  return existsSync(join(data, JOURNAL));
}

function go(data: string, { stage, kept, phase }: Journal, step: Step): void {
  const note = (next: Journal) => {
    step();
    writeDurably(join(data, JOURNAL), JSON.stringify(next));
  };
  if (phase === 'out') {
    note({ stage, kept, phase });
    step();
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    giveToOwner(kept, data);
    for (const name of KEYS) {
      if (!keep(join(data, name), join(kept, name), step)) continue;
      giveToOwner(join(kept, name), data);
    }
    for (const name of DATA) moveOut(join(data, name), join(kept, name), step);
    flushFolder(kept);
    flushFolder(dirname(kept));
    flushFolder(data);
    note({ stage, kept, phase: 'in' });
  }
  for (const name of [...DATA, ...KEYS]) moveIn(join(stage, name), join(data, name), step);
  if (!exists(join(data, SETTINGS))) moveIn(join(stage, SETTINGS), join(data, SETTINGS), step);
  flushFolder(data);
  step();
  // Nothing of use is in it any more: settings that were not taken, copies of keys.
  rmSync(stage, { recursive: true, force: true });
  step();
  rmSync(join(data, JOURNAL), { force: true });
  flushFolder(data);
  dropEmpty(kept);
}

/** Once: what lies there already is the old one, and what comes second is the new one. */
function moveOut(from: string, to: string, step: Step): void {
  if (!exists(from) || exists(to)) return;
  step();
  renameSync(from, to);
}

function moveIn(from: string, to: string, step: Step): void {
  if (!exists(from)) return;
  // A server that was refused made these, empty, on its way to the lock.
  for (const folder of ['local', 'cache', '']) dropEmpty(join(to, folder));
  step();
  renameSync(from, to);
}

function keep(from: string, to: string, step: Step): boolean {
  const key = exists(to) ? null : readKey(from);
  if (key === null) return false;
  step();
  rmSync(`${to}.new`, { force: true });
  writeFileSync(`${to}.new`, key, { flag: 'wx', mode: 0o600 });
  renameSync(`${to}.new`, to);
  return true;
}

/** A file of its own; null for none, and for a link, behind which root might read for others (T120). */
function readKey(path: string): Buffer | null {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function dropEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not there, no folder, or not empty.
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function readJournal(data: string): Journal | null {
  const path = join(data, JOURNAL);
  if (!existsSync(path)) return null;
  try {
    const begun = v.parse(journal, JSON.parse(readFileSync(path, 'utf8')));
    const paths = [begun.stage, begun.kept];
    // Of the two, only what is there can be looked at.
    if (paths.every((each) => !existsSync(each) || isRestorePlace(data, each))) return begun;
  } catch {
    // As below.
  }
  throw new AppError(
    'conflict',
    `A restore of ${data} was cut off, and ${path} cannot be read. The old data is in a folder whose name ends in "before-restore-" and its time; nothing was removed.`,
  );
}
