import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { eachAtOnce } from '#base/core/each-at-once.ts';
import { AppError } from '#base/core/errors.ts';
import { type Manifest, MEDIA_LINE_MAX, type MediaLine, mediaLineSchema } from './manifest.ts';
import { readLines } from './pieces.ts';
import type { BackupPlace } from './place.ts';
import type { Problems } from './problems.ts';
import type { VerifyOptions, VerifyReport } from './verify-report.ts';
import {
  countFiles,
  fillWorking,
  insertFile,
  insertStored,
  listContents,
  type Working,
  type WorkingContent,
} from './working-queries.ts';

type MediaCheck = VerifyOptions & { manifest: Manifest; list: string; working: Working };

const PAGE = 500;
const BAD_SHOWN = 1000;

/** Reads the list of photos into the working tables and looks at every photo, or at a share of them. */
export async function verifyMedia(
  place: BackupPlace,
  check: MediaCheck,
  report: VerifyReport,
  problems: Problems,
): Promise<void> {
  const { manifest, list, working } = check;
  if (!existsSync(list)) return;
  await problems.attempt(() => readList(place, list, manifest, working), 'files.ndjson: ');
  const { files, bytes, contents } = countFiles(working);
  report.files = files;
  report.bytes = bytes;
  if (files !== manifest.media.files || bytes !== manifest.media.bytes) {
    problems.add('files.ndjson names other photos than the manifest says.');
  }
  await fillWorking(working, place.list('media/'), insertStored);
  let done = 0;
  const look = async (content: WorkingContent) => {
    const problem = await lookAt(place, content, check, report);
    if (problem !== null) {
      if (report.badMedia.length < BAD_SHOWN) report.badMedia.push(content.path);
      problems.add(`The photo ${content.name} ${problem}.`);
    }
    done += 1;
    check.tell?.({ step: 'check', done, total: contents });
  };
  await eachAtOnce(allContents(working), place.kind === 'bucket' ? 8 : 2, look);
}

async function readList(
  place: BackupPlace,
  list: string,
  manifest: Manifest,
  working: Working,
): Promise<void> {
  const insert = (db: Working, line: MediaLine) => {
    if (!insertFile(db, line)) throw new AppError('invalid', `${line.name} is named twice.`);
  };
  await fillWorking(working, readMediaLines(place, list, manifest.media.files), insert);
}

/** Lines of `files.ndjson`, each checked; throws `invalid` at one that is none, or at more than `most`. */
export async function* readMediaLines(
  place: BackupPlace,
  list: string,
  most: number,
): AsyncGenerator<MediaLine> {
  let count = 0;
  for await (const text of readLines(Bun.file(list).stream(), MEDIA_LINE_MAX)) {
    count += 1;
    const line = v.safeParse(mediaLineSchema, parse(text));
    if (count > most || !line.success || line.output.path !== place.mediaPath(line.output.sha256)) {
      throw new AppError('invalid', `Line ${count} cannot be read.`);
    }
    yield line.output;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Contents page by page, so that none is held while it is looked at. */
export function* allContents(working: Working): Generator<WorkingContent> {
  for (let after = ''; ; ) {
    const page = listContents(working, after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.path;
  }
}

async function lookAt(
  place: BackupPlace,
  content: WorkingContent,
  { share }: MediaCheck,
  report: VerifyReport,
): Promise<string | null> {
  if (content.stored === null) return 'is not in the place';
  if (content.stored !== place.storedBytes(content.bytes)) return 'has not the size it should have';
  if (share !== null && !share.isFresh(content.path)) {
    if (Number.parseInt(content.path.slice(-6), 16) % share.of !== share.day % share.of)
      return null;
  }
  try {
    const found = await place.hash(content.path, { maxBytes: content.bytes });
    report.checked.files += 1;
    report.checked.bytes += found.bytes;
    return found.sha256 === content.sha256 ? null : 'is damaged';
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'unavailable') throw error;
    return error.kind === 'not_found' ? 'is not in the place' : 'is damaged';
  }
}
