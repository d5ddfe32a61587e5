import type { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { eachAtOnce } from '#base/core/each-at-once.ts';
import type { BackupPlace } from './place.ts';
import type { TellProgress } from './progress.ts';
import { localMediaPath, type MediaSource, putMedia } from './put-media.ts';
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
  source: MediaSource;
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
 * them fit. What is missing or damaged is left out and named.
 */
export async function copyMedia(place: BackupPlace, copy: MediaCopy): Promise<CopiedMedia> {
  const { snapshot, working, source, tell } = copy;
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
      const { path, bytes, sha256 } = content;
      if (await putMedia(place, source, { path, bytes, sha256 }, names)) {
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
function checkSpace(place: BackupPlace, { working, source, databaseBytes }: MediaCopy): number {
  let contents = 0;
  let bytes = 0;
  const linked = !place.encrypted && place.sharesDiskWith(source.data);
  // Without a bucket there is no other place where it could be.
  const isThere = ({ path }: WorkingContent) =>
    source.bucket === null ||
    listNames(working, path).some((name) => existsSync(localMediaPath(source.data, name)));
  for (const content of newContents(place, working)) {
    contents += 1;
    // On the same disk a photo is there already; it only gets a second name.
    if (!linked || !isThere(content)) bytes += place.storedBytes(content.bytes);
  }
  const lists = countFiles(working).files * LINE_BYTES;
  const needed = bytes + place.storedBytes(databaseBytes) + lists;
  withRoom(needed, place.freeBytes(), place.label, 'the backup');
  return contents;
}
