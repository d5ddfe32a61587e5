import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { openDatabase } from '#base/db/open.ts';
import { flushDisk } from '#base/platform/flush-disk.ts';
import { freeBytesOf } from '#base/platform/free-bytes.ts';
import { takeLock } from '#base/platform/lock.ts';
import { backupPath } from './backup-path.ts';
import { chooseSnapshot } from './choose-snapshot.ts';
import { fetchMedia, listWanted, type MediaReport, type WantedFile } from './fetch-media.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import type { Manifest } from './manifest.ts';
import type { BackupPlace } from './place.ts';
import { requireMovable } from './require-movable.ts';
import { type PastReport, settlePast } from './restore-past.ts';
import { giveToOwner, listStages, makeRestorePlaces } from './restore-places.ts';
import { dropStages, finishSwap, isSwapping, swapData } from './restore-swap.ts';
import { type AskTrust, requireTrust } from './restore-trust.ts';

export type RestoreInput = {
  place: BackupPlace;
  /** Which backup; null: the newest one that can be used. */
  name: string | null;
  /** The data directory, absolute; made if it is not there. */
  data: string;
  fingerprint: string | null;
  /** Restores without the photos that are missing or changed in the backup, instead of refusing. */
  withoutDamaged: boolean;
  endLogins: boolean;
  /** Milliseconds between tries of a store that does not answer; tests wait less. */
  pauses?: readonly number[];
};

/** What happens outside while it goes on. */
export type RestoreHooks = {
  ask: AskTrust;
  /** One short sentence, again and again. */
  progress(text: string): void;
  /** Brings to rest what else may have been cut off in the directory, which is locked by then. */
  settle(data: string): void;
  now(): number;
  /** The command so far, for what to type instead. */
  typed: string;
};

export type RestoreReport = {
  backup: string;
  path: string;
  origin: string;
  /** When the backup was made, ISO 8601. */
  createdAt: string;
  fingerprint: string;
  schema: number;
  rows: number;
  media: MediaReport;
  past: PastReport;
  keys: string[];
  passedOver: string[];
  /** Where the old data is; null if there was none. */
  kept: string | null;
};

/** Besides what is written, so that the server can start. */
const RESERVE = 64_000_000;
/** The fetched database and the new one stand side by side for a while, with room to sort. */
const DATABASE_FACTOR = 2.5;
/** One of these is in every data directory, even when the rest is lost. */
const OUR_MARKS = ['tintype.db', 'media/local', 'lock', 'backup.key', 'push.key', 'tintype.toml'];

/**
 * Puts a backup in the place of what a data directory holds. Nothing that is there is touched before
 * all of the new data has been compared with the signed manifest and is on the disk; then names are
 * changed, and the old data is kept beside. Whenever it is cut off, either the old or the new data is
 * there. Throws `conflict` while a server runs on the directory, `forbidden` for a foreign key,
 * `invalid` for a damaged or dangerous backup, `out_of_space`.
 */
export async function restoreBackup(
  input: RestoreInput,
  hooks: RestoreHooks,
): Promise<RestoreReport> {
  const { place, data } = input;
  const { manifest, passedOver } = await chooseSnapshot(place, input.name);
  const trust = {
    data,
    fingerprint: input.fingerprint,
    label: place.label,
    ask: hooks.ask,
    typed: hooks.typed,
  };
  const fingerprint = await requireTrust(manifest, trust);
  const made = !existsSync(data);
  if (!made) requireOurs(data);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const lock = lockData(data);
  try {
    giveToOwner(join(data, 'lock'), data);
    hooks.settle(data);
    // What an earlier try has fetched is not fetched again.
    if (isSwapping(data)) finishSwap(data);
    requireMovable(data);
    const report = await prepareAndSwap(input, hooks, manifest);
    return { ...report, fingerprint, passedOver };
  } catch (error) {
    if (made) removeIfBare(data);
    throw error;
  } finally {
    lock.release();
  }
}

async function prepareAndSwap(
  input: RestoreInput,
  hooks: RestoreHooks,
  manifest: Manifest,
): Promise<Omit<RestoreReport, 'fingerprint' | 'passedOver'>> {
  const { place, data } = input;
  const hadData = existsSync(join(data, 'tintype.db'));
  requireRoom(data, databaseBytes(manifest), 'its database');
  const places = makeRestorePlaces(data, hooks.now());
  try {
    const { stage } = places;
    hooks.progress(`Reading the database of ${manifest.name} …`);
    const { schema, rows, listPath, keys } = await fetchSnapshot(place, manifest, stage);
    const { media, past } = await fillStage(input, hooks, manifest, { stage, listPath });
    rmSync(listPath);
    giveAllToOwner(stage, data);
    hooks.progress('Writing everything to the disk …');
    flushDisk(stage);
    swapData(data, places);
    dropStages(data);
    const { name, origin, createdAt } = manifest;
    return {
      backup: name,
      path: backupPath(place.label, name),
      origin,
      createdAt,
      schema,
      rows: Object.values(rows).reduce((all, count) => all + count, 0),
      media,
      past,
      keys,
      kept: hadData ? places.kept : null,
    };
  } catch (error) {
    // Once the swap has begun, what is staged is needed to end it; and a store that was out of reach
    // for a moment has its photos fetched but once.
    const again = error instanceof AppError && error.kind === 'unavailable';
    if (!again && !isSwapping(data)) dropStages(data);
    throw error;
  }
}

async function fillStage(
  input: RestoreInput,
  hooks: RestoreHooks,
  manifest: Manifest,
  { stage, listPath }: { stage: string; listPath: string },
): Promise<{ media: MediaReport; past: PastReport }> {
  const old = [input.data, ...listStages(input.data).filter((each) => each !== stage)]
    .map((folder) => join(folder, 'media', 'local'))
    .filter((folder) => existsSync(folder));
  const db = openDatabase(join(stage, 'tintype.db'));
  try {
    const missing = await countMissing(listWanted(db, listPath), old, stage);
    requireRoom(input.data, missing, 'its photos');
    const say = progressOf(hooks, manifest);
    const { pauses } = input;
    const into = { local: join(stage, 'media', 'local'), old, ...(pauses ? { pauses } : {}) };
    const media = await fetchMedia(input.place, listWanted(db, listPath), into, say);
    refuseDamaged(manifest, media, input.withoutDamaged);
    const past = settlePast(db, {
      name: manifest.name,
      takenAt: Date.parse(manifest.createdAt),
      now: hooks.now(),
      endLogins: input.endLogins,
    });
    return { media, past };
  } finally {
    db.close();
  }
}

/** Bytes that have to be copied: what the old data has on the same disk needs no second copy. */
async function countMissing(
  files: AsyncIterable<WantedFile>,
  old: readonly string[],
  stage: string,
): Promise<number> {
  const near = old.filter((folder) => statSync(folder).dev === statSync(stage).dev);
  let bytes = 0;
  for await (const file of files) {
    const isNear = near.some((folder) => {
      const path = join(folder, file.name.slice(0, 2), file.name);
      return lstatSync(path, { throwIfNoEntry: false })?.size === file.bytes;
    });
    if (!isNear && file.listed) bytes += file.bytes;
  }
  return bytes;
}

/** Bytes that the database takes while it is restored. */
export function databaseBytes(manifest: Manifest): number {
  const small = manifest.entries.filter((entry) => entry.path !== 'tintype.db');
  const database = manifest.entries.find((entry) => entry.path === 'tintype.db')?.bytes ?? 0;
  return database * DATABASE_FACTOR + small.reduce((all, { bytes }) => all + bytes, 0);
}

function requireRoom(data: string, bytes: number, what: string): void {
  const free = freeBytesOf(data);
  if (free >= bytes + RESERVE) return;
  throw new AppError(
    'out_of_space',
    `There is too little room for ${what}: ${formatBytes(bytes + RESERVE)} are needed beside the old data, and the disk of ${data} has ${formatBytes(free)}. Nothing was changed. Make room, or restore into a directory on a larger disk with --data.`,
  );
}

function refuseDamaged(manifest: Manifest, media: MediaReport, allowed: boolean): void {
  const { damaged } = media;
  if (media.missingBefore !== manifest.media.missing) {
    throw new AppError(
      'invalid',
      `The list of photos in the backup ${manifest.name} is not complete. Nothing was changed; choose another one with --name.`,
    );
  }
  if (damaged.length === 0 || allowed) return;
  const some = damaged.slice(0, 3).join(', ') + (damaged.length > 3 ? ', …' : '');
  throw new AppError(
    'invalid',
    `${damaged.length} of the files in the backup ${manifest.name} are missing or changed (${some}). Nothing was changed here. Choose another backup with --name, or restore everything else with --without-damaged.`,
  );
}

/** What lies there and is called like ours would be put aside: only where it is ours. */
function requireOurs(data: string): void {
  const isOurs = OUR_MARKS.some((name) => existsSync(join(data, name)));
  if (isOurs || isSwapping(data)) return;
  const odd = ['media', 'exports', 'imports'].find((name) => {
    const found = lstatSync(join(data, name), { throwIfNoEntry: false });
    return (
      found !== undefined && (!found.isDirectory() || readdirSync(join(data, name)).length > 0)
    );
  });
  if (odd === undefined) return;
  throw new AppError(
    'conflict',
    `${data} is no data directory of Tintype, and it holds something else (${odd}). Nothing was changed; name an empty or missing folder with --data.`,
  );
}

function lockData(data: string) {
  const lock = takeLock(join(data, 'lock'));
  if ('release' in lock) return lock;
  const who = lock.heldBy > 0 ? ` (process ${lock.heldBy})` : '';
  throw new AppError(
    'conflict',
    `Tintype${who} runs on ${data}. Stop it first (for a service: systemctl stop tintype), then restore again. Nothing was changed.`,
  );
}

/** What root restores must be readable for the user that the server runs as. */
function giveAllToOwner(stage: string, data: string): void {
  for (const name of ['', ...readdirSync(stage, { recursive: true, encoding: 'utf8' })]) {
    giveToOwner(join(stage, name), data);
  }
}

function removeIfBare(data: string): void {
  const left = readdirSync(data).filter((name) => name !== 'lock');
  if (left.length === 0) rmSync(data, { recursive: true });
}

const TELL_EVERY = 500;

function progressOf(hooks: RestoreHooks, manifest: Manifest): (bytes: number) => void {
  let files = 0;
  let done = 0;
  let told = 0;
  const all = manifest.media;
  return (bytes) => {
    files += 1;
    done += bytes;
    if (hooks.now() - told < TELL_EVERY && files < all.files) return;
    told = hooks.now();
    hooks.progress(
      `Photos: ${files} of ${all.files} files, ${formatBytes(done)} of ${formatBytes(all.bytes)}`,
    );
  };
}
