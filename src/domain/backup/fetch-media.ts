import type { Database } from 'bun:sqlite';
import { copyFile, link, lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { hashFile } from '#domain/storage/hash-file.ts';
import { type BlobRow, listBlobsAfter } from '#domain/storage/queries.ts';
import { MEDIA_LINE_MAX, type MediaLine, mediaLineSchema } from './manifest.ts';
import { readLines } from './pieces.ts';
import type { BackupPlace } from './place.ts';

/** A file that the database names; `listed` is false if it was missing already when the backup was made. */
export type WantedFile = { name: string; bytes: number; sha256: string; listed: boolean };

export type MediaReport = {
  files: number;
  bytes: number;
  /** Of these, how many were taken from the old data, after their bytes were compared. */
  fromOldData: number;
  /** Missing already when the backup was made. */
  missingBefore: number;
  /** Names of files that the backup should have and that are missing or changed there. */
  damaged: string[];
};

const AT_ONCE = 4;
/** Milliseconds between tries. */
const PAUSES = [500, 5_000, 20_000] as const;
const BATCH = 200;

/**
 * Every file that the restored database names, beside what the list of the backup says of it. Both are
 * in the order of names, so neither is held in memory. A list that contradicts the database, or is in
 * another order, throws `invalid`; what no row names is passed over, whatever it is called (T115).
 */
export async function* listWanted(db: Database, listPath: string): AsyncGenerator<WantedFile> {
  const lines = readMediaLines(listPath);
  let next = await lines.next();
  for (const blob of blobsOf(db)) {
    while (next.done !== true && next.value.name < blob.name) next = await lines.next();
    const line = next.done !== true && next.value.name === blob.name ? next.value : null;
    if (line !== null && (line.sha256 !== blob.sha256 || line.bytes !== blob.bytes)) {
      throw new AppError(
        'invalid',
        'The list of photos in this backup contradicts its database. Choose another one with --name.',
      );
    }
    const { name, bytes, sha256 } = blob;
    yield { name, bytes, sha256, listed: line !== null };
  }
  // The order counts to the end.
  for await (const _ of lines);
}

/**
 * Puts files below `local` (`media/local` of the new data), each under the name that its row gives it
 * and only if size and hash are right. What the old data has with the same bytes is taken from there,
 * without a second copy where the disk allows that.
 */
export async function fetchMedia(
  place: BackupPlace,
  files: AsyncIterable<WantedFile>,
  into: { local: string; old: readonly string[]; pauses?: readonly number[] },
  onFile: (bytes: number) => void,
): Promise<MediaReport> {
  const report: MediaReport = {
    files: 0,
    bytes: 0,
    fromOldData: 0,
    missingBefore: 0,
    damaged: [],
  };
  await mkdir(into.local, { recursive: true, mode: 0o700 });
  const take = async (file: WantedFile): Promise<void> => {
    const target = join(into.local, file.name.slice(0, 2), file.name);
    await mkdir(join(into.local, file.name.slice(0, 2)), { recursive: true, mode: 0o700 });
    if (await takeOld(file, into.old, target)) report.fromOldData += 1;
    else if (!(await takeStored(place, file, target, into.pauses))) {
      report.damaged.push(file.name);
      return;
    }
    report.files += 1;
    report.bytes += file.bytes;
    onFile(file.bytes);
  };
  const running = new Set<Promise<void>>();
  for await (const file of files) {
    if (!file.listed) {
      report.missingBefore += 1;
      continue;
    }
    const work: Promise<void> = take(file).finally(() => running.delete(work));
    running.add(work);
    if (running.size >= AT_ONCE) await Promise.race(running);
  }
  await Promise.all(running);
  return report;
}

async function takeStored(
  place: BackupPlace,
  file: WantedFile,
  target: string,
  pauses: readonly number[] = PAUSES,
): Promise<boolean> {
  try {
    const limits = { maxBytes: file.bytes };
    const path = place.mediaPath(file.sha256);
    const got = await patiently(pauses, () => place.get(path, target, limits));
    if (got.bytes === file.bytes && got.sha256 === file.sha256) return true;
    await Bun.file(target).delete();
    return false;
  } catch (error) {
    // These are the file's own fault; a store that does not answer is not.
    const own = ['not_found', 'invalid', 'too_large'];
    if (error instanceof AppError && own.includes(error.kind)) return false;
    throw error;
  }
}

/** A store that is out of reach for a moment is asked again, so that hours of fetching are not lost. */
async function patiently<T>(pauses: readonly number[], work: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error;
      await Bun.sleep(pause);
    }
  }
  return await work();
}

async function takeOld(
  file: WantedFile,
  folders: readonly string[],
  target: string,
): Promise<boolean> {
  for (const folder of folders) {
    if (await takeFrom(file, join(folder, file.name.slice(0, 2), file.name), target)) return true;
  }
  return false;
}

async function takeFrom(file: WantedFile, old: string, target: string): Promise<boolean> {
  const found = await lstat(old).catch(() => null);
  if (!found?.isFile() || found.size !== file.bytes) return false;
  if ((await hashFile(old).catch(() => null))?.sha256 !== file.sha256) return false;
  try {
    await link(old, target);
  } catch {
    // Another disk, or a file system without links.
    await copyFile(old, target);
    return (await hashFile(target)).sha256 === file.sha256;
  }
  return true;
}

async function* readMediaLines(path: string): AsyncGenerator<MediaLine> {
  let before = '';
  for await (const text of readLines(Bun.file(path).stream(), MEDIA_LINE_MAX)) {
    const line = readLine(text);
    if (line === null || line.name <= before) {
      throw new AppError(
        'invalid',
        'The list of photos in this backup is not in order. Choose another one with --name.',
      );
    }
    before = line.name;
    yield line;
  }
}

function readLine(text: string): MediaLine | null {
  try {
    return v.parse(mediaLineSchema, JSON.parse(text));
  } catch {
    return null;
  }
}

function* blobsOf(db: Database): Generator<BlobRow> {
  let after = '';
  for (;;) {
    const batch = listBlobsAfter(db, after, BATCH);
    yield* batch;
    const last = batch.at(-1);
    if (last === undefined) return;
    after = last.name;
  }
}
