import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { FetchError } from '#base/platform/fetch.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { addMedia } from '#domain/media/add.ts';
import { describeMedia } from '#domain/media/describe.ts';
import { findOwnMedia } from '#domain/media/reading.ts';
import { uploadsUnderWay } from '#doors/http/upload-slots.ts';
import { importPath, scratchPath } from './import-files.ts';
import type { PlannedPhoto } from './import-item.ts';
import type { ImportOptions } from './import-options.ts';
import type { ArchiveReader } from './import-reader.ts';
import { importWords as words } from './import-words.ts';

/** What the taking of photos works with. */
export type PhotoSource = {
  accountId: number;
  /** Name of the file in `imports/`. */
  file: string;
  options: ImportOptions;
  reader: ArchiveReader;
  signal: AbortSignal;
};

const EXTRACT_DEADLINE = 300_000;
const FETCH = { deadline: 60_000, most: 40_000_000 };
const LONGEST_YIELD = 20_000;

/**
 * Takes the photos of a post in, one after the other, in their order; `known` are those of an earlier
 * try, `keep` is told after each. A photo that cannot be taken is null, with the reason in `notes`.
 * Throws `out_of_space`, and what ends the work.
 */
export async function takeImportPhotos(
  ctx: Context,
  source: PhotoSource,
  photos: readonly PlannedPhoto[],
  known: readonly (number | null)[],
  keep: (ids: readonly (number | null)[]) => void,
): Promise<{ ids: number[]; notes: string[] }> {
  const ids: (number | null)[] = [];
  const notes: string[] = [];
  for (const [index, photo] of photos.entries()) {
    const before = known[index] ?? null;
    const isHere =
      before !== null && findOwnMedia(ctx.db, source.accountId, before)?.postId === null;
    if (isHere) ids.push(before);
    else {
      if (source.signal.aborted) throw source.signal.reason;
      await yieldToPeople(ctx, source.signal);
      const taken = await takeOne(ctx, source, photo);
      ids.push(typeof taken === 'number' ? taken : null);
      // What is missing was said when the archive was read.
      if (typeof taken === 'string' && taken !== words.missing)
        notes.push(photos.length > 1 ? `Photo ${index + 1}: ${taken}` : taken);
    }
    keep(ids);
  }
  return { ids: ids.flatMap((id) => id ?? []), notes };
}

/** Waits while people upload, so that their photos need not wait for these. */
async function yieldToPeople(ctx: Context, signal: AbortSignal): Promise<void> {
  const end = performance.now() + LONGEST_YIELD;
  while (uploadsUnderWay(ctx) && performance.now() < end && !signal.aborted) await Bun.sleep(50);
}

/** The id of the photo, or why there is none. */
async function takeOne(
  ctx: Context,
  source: PhotoSource,
  photo: PlannedPhoto,
): Promise<number | string> {
  try {
    return await store(ctx, source, photo);
  } catch (error) {
    if (!(error instanceof AppError) || source.signal.aborted) throw error;
    if (error.kind === 'out_of_space') throw error;
    if (error.kind !== 'unavailable') return error.message;
  }
  try {
    // The image worker may have been ended by the photo of somebody else.
    return await store(ctx, source, photo);
  } catch (error) {
    if (!(error instanceof AppError) || source.signal.aborted) throw error;
    if (error.kind === 'out_of_space') throw error;
    return error.message;
  }
}

async function store(
  ctx: Context,
  source: PhotoSource,
  photo: PlannedPhoto,
): Promise<number | string> {
  // No name of the archive comes near the disk (T115).
  const path = join(ctx.files.tmp, randomUUID());
  try {
    const got = await fill(ctx, source, photo, path);
    if (typeof got === 'string') return got;
    if (photo.sha256 !== null && photo.sha256 !== got.sha256) return words.changed;
    const { accountId } = source;
    const view = await addMedia(ctx, accountId, {
      ...{ path, bytes: got.bytes, sha256: got.sha256 },
      keepOriginal: readPreferences(ctx.db, accountId).keepOriginals,
      description: photo.description,
      focus: photo.focus,
    });
    if (photo.edits !== null) await cutAsBefore(ctx, accountId, view.id, photo.edits);
    return view.id;
  } finally {
    await rm(path, { force: true });
  }
}

/** A cut that does not fit is left out: the whole photo is better than none. */
async function cutAsBefore(
  ctx: Context,
  accountId: number,
  id: number,
  edits: NonNullable<PlannedPhoto['edits']>,
): Promise<void> {
  try {
    await describeMedia(ctx, accountId, id, { edits });
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
  }
}

type Filled = { bytes: number; sha256: string | undefined };

/** Brings the bytes of a photo to `path`, or says why they are not to be had. */
async function fill(
  ctx: Context,
  { file, options, reader }: PhotoSource,
  photo: PlannedPhoto,
  path: string,
): Promise<Filled | string> {
  const { place, url } = photo;
  const most = ctx.config.uploadMaxSize;
  if (place !== null) {
    const from =
      place.in === 'store' ? join(scratchPath(ctx, file), 'store') : importPath(ctx, file);
    return await reader.ask(
      'extracted',
      { kind: 'extract', from, place, to: path, most },
      EXTRACT_DEADLINE,
    );
  }
  if (url === null) return words.missing;
  if (options.fetchFrom === null) return words.notFetched;
  if (new URL(url).host !== options.fetchFrom) return words.otherHost;
  return await fetchPhoto(ctx, url, path, Math.min(most, FETCH.most));
}

/** Fetches a photo through the guard; a redirect is not followed, it could lead anywhere (T117). */
async function fetchPhoto(
  ctx: Context,
  url: string,
  path: string,
  maxBytes: number,
): Promise<Filled | string> {
  try {
    const answer = await ctx.fetch({ url, maxBytes, deadline: FETCH.deadline, redirects: 0 });
    if (answer.status !== 200) return `The server answered ${answer.status} for the photo.`;
    await Bun.write(path, answer.body);
    return { bytes: answer.body.byteLength, sha256: undefined };
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    return `The photo could not be fetched: ${error.message}`;
  }
}
