import type { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { eachAtOnce } from '#base/core/each-at-once.ts';
import { AppError } from '#base/core/errors.ts';
import type { BackupPlace } from './place.ts';
import type { TellProgress } from './progress.ts';
import { type CopiedBlob, listCopiedBlobs } from './snapshot-queries.ts';
import { withRoom } from './space.ts';
import { allContents } from './verify-media.ts';
import {
  countFiles,
  deleteContent,
  fillWorking,
  insertCopied,
  insertFile,
  insertStored,
  listNames,
  type Working,
  type WorkingContent,
} from './working-queries.ts';

type MediaCopy = {
  /** The copy of the database. */
  snapshot: Database;
  /** Empty; afterwards it names what the backup holds. */
  working: Working;
  data: string;
  databaseBytes: number;
  tell: TellProgress;
};

export type CopiedMedia = {
  files: number;
  bytes: number;
  newFiles: number;
  newBytes: number;
  missing: string[];
  missingCount: number;
};

const MISSING_SHOWN = 100;
// A line of `files.ndjson`, generously.
const LINE_BYTES = 300;

/**
 * Copies every photo that the database names and the place has not yet, once it is sure that all of
 * them fit. What is missing or damaged in the data directory is left out and named.
 */
export async function copyMedia(place: BackupPlace, copy: MediaCopy): Promise<CopiedMedia> {
  const { snapshot, working, tell } = copy;
  const insert = (db: Working, { name, bytes, sha256 }: CopiedBlob) => {
    insertFile(db, { name, bytes, sha256, path: place.mediaPath(sha256) });
  };
  await fillWorking(working, listCopiedBlobs(snapshot), insert);
  await fillWorking(working, place.list('media/'), insertStored);
  const todo = checkSpace(place, copy);
  const report = { newFiles: 0, newBytes: 0, missing: [] as string[], missingCount: 0 };
  tell({ step: 'photos', done: 0, total: todo });
  let done = 0;
  await eachAtOnce(
    newContents(place, working),
    place.kind === 'bucket' ? 8 : 4,
    async (content) => {
      const names = listNames(working, content.path);
      if (await copyOne(place, copy, content, names)) {
        insertCopied(working, content.path);
        report.newFiles += 1;
        report.newBytes += content.bytes;
      } else {
        deleteContent(working, content.path);
        report.missingCount += names.length;
        report.missing.push(...names.slice(0, MISSING_SHOWN - report.missing.length));
      }
      done += 1;
      tell({ step: 'photos', done, total: todo });
    },
  );
  const { files, bytes } = countFiles(working);
  return { files, bytes, ...report };
}

function* newContents(place: BackupPlace, working: Working): Generator<WorkingContent> {
  for (const content of allContents(working)) {
    if (content.stored !== place.storedBytes(content.bytes)) yield content;
  }
}

/** Answers how many contents are to be copied. */
function checkSpace(place: BackupPlace, { working, data, databaseBytes }: MediaCopy): number {
  let contents = 0;
  let bytes = 0;
  for (const content of newContents(place, working)) {
    contents += 1;
    bytes += place.storedBytes(content.bytes);
  }
  // On the same disk a photo is there already; it only gets a second name.
  const media = !place.encrypted && place.sharesDiskWith(data) ? 0 : bytes;
  const lists = countFiles(working).files * LINE_BYTES;
  const needed = media + place.storedBytes(databaseBytes) + lists;
  withRoom(needed, place.freeBytes(), place.label, 'the backup');
  return contents;
}

/** One content, from whichever of its files is whole; false if none is. */
async function copyOne(
  place: BackupPlace,
  { data }: MediaCopy,
  content: WorkingContent,
  names: readonly string[],
): Promise<boolean> {
  const expected = { bytes: content.bytes, sha256: content.sha256 };
  for (const name of names) {
    try {
      await place.put(content.path, localMediaPath(data, name), { expected, link: true });
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.kind !== 'not_found' && error.kind !== 'invalid') throw error;
    }
  }
  return false;
}

/** Where a photo lies in a data directory. */
export function localMediaPath(data: string, name: string): string {
  return join(data, 'media/local', name.slice(0, 2), name);
}
