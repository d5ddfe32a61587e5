import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { ImageTask, OutputFile } from '#base/platform/images/contract.ts';
import { localMedia } from '#domain/storage/local-media.ts';
import { putBlobs } from '#domain/storage/put.ts';
import { checkSpace } from '#domain/storage/quota.ts';
import { sameEdits } from './edits.ts';
import { explainFailure } from './explain-failure.ts';
import { saveRendition } from './queries.ts';
import { findOwnMedia, type MediaView, type RenditionView } from './reading.ts';

/** Beyond any picture that is taken: nothing is made smaller. */
const TRUE_SIZE = 1_000_000;

/** Milliseconds after which a copy that could not be made is tried again: strangers ask, the worker pays. */
const RETRY_AFTER = 600_000;
const MOST_FAILURES = 1000;

type Copies = {
  running: Map<number, Promise<RenditionView>>;
  /** Photos whose copy could not be made, with the time of the next try. */
  failed: Map<number, number>;
};

const copies = new WeakMap<Context, Copies>();

/**
 * The copy of an original for others than its author: without position, serial numbers, embedded
 * thumbnails and edit history, and cut as the author cut the photo. Made when it is first asked for
 * (most never are, so a shelf of them would double the storage for nothing), then kept and counted.
 * Asking at the same time makes it once; what failed is left alone for ten minutes. Throws
 * `not_found` if no original is kept, `out_of_space` if the author has no room for it, else as
 * `addMedia`.
 */
export async function offerOriginal(ctx: Context, media: MediaView): Promise<RenditionView> {
  const made = findOffered(media);
  if (made) return made;
  const { running, failed } = copiesOf(ctx);
  const found = running.get(media.id);
  if (found) return found;
  if ((failed.get(media.id) ?? 0) > ctx.now()) {
    throw new AppError('unavailable', 'This photo could not be prepared for download.');
  }
  const work = makeOffered(ctx, media).finally(() => running.delete(media.id));
  running.set(media.id, work);
  return work;
}

function copiesOf(ctx: Context): Copies {
  const known = copies.get(ctx) ?? { running: new Map(), failed: new Map() };
  copies.set(ctx, known);
  return known;
}

async function makeOffered(ctx: Context, media: MediaView): Promise<RenditionView> {
  if (media.originalBlob === null) throw gone();
  checkSpace(ctx, media.accountId, 1);
  // A store that is down says nothing against the photo.
  const source = await localMedia(ctx, media.originalBlob);
  try {
    await storeCopy(ctx, media, await runTask(ctx, media, source));
  } catch (error) {
    // A photo that was cut or removed meanwhile is another question the next time.
    if (!(error instanceof AppError && error.kind === 'not_found')) noteFailure(ctx, media.id);
    throw error;
  }
  const stored = findOwnMedia(ctx.db, media.accountId, media.id);
  const offered = stored ? findOffered(stored) : undefined;
  if (!offered) throw gone();
  return offered;
}

async function storeCopy(ctx: Context, media: MediaView, copy: OutputFile): Promise<void> {
  await putBlobs(
    ctx,
    { accountId: media.accountId, reservation: null },
    [{ path: copy.path, mime: copy.mime, purpose: 'offered' }],
    ([blob]) => {
      const now = findOwnMedia(ctx.db, media.accountId, media.id);
      if (!now || !blob || !sameEdits(now.edits, media.edits) || findOffered(now)) throw gone();
      const { width, height } = copy;
      saveRendition(ctx.db, {
        mediaId: media.id,
        name: 'offered',
        blobName: blob.name,
        width,
        height,
      });
    },
  );
}

function noteFailure(ctx: Context, mediaId: number): void {
  const { failed } = copiesOf(ctx);
  if (failed.size >= MOST_FAILURES) failed.clear();
  failed.set(mediaId, ctx.now() + RETRY_AFTER);
}

async function runTask(ctx: Context, media: MediaView, source: string): Promise<OutputFile> {
  const path = ctx.files.tempPath();
  const limits = {
    maxPixels: ctx.config.uploadMaxPixels,
    maxFrames: ctx.config.uploadMaxFrames,
  };
  // A crop may be there to hide something, so it holds for the copy as well; that means re-encoding.
  const task: ImageTask =
    media.edits === null
      ? { kind: 'clean', source, path, limits }
      : {
          kind: 'render',
          source,
          limits,
          edits: media.edits,
          outputs: [{ name: 'offered', path, fit: TRUE_SIZE, encode: 'photo', quality: 95 }],
        };
  try {
    const result = await ctx.images.run(task);
    const output = result.kind === 'clean' ? result.output : result.outputs[0];
    if (!output) throw new TypeError('The image worker made no file.');
    return output;
  } catch (error) {
    await rm(path, { force: true });
    throw explainFailure(ctx, error, Bun.file(source).size);
  }
}

function findOffered(media: MediaView): RenditionView | undefined {
  return media.renditions.find((rendition) => rendition.name === 'offered');
}

function gone(): AppError {
  return new AppError('not_found', 'This photo is not offered for download.');
}
