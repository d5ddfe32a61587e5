import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { requireOpen } from '#domain/closing.ts';
import { type NewBlob, putBlobs } from '#domain/storage/put.ts';
import type { BlobRow } from '#domain/storage/queries.ts';
import { releaseSpace, reserveSpace } from '#domain/storage/quota.ts';
import { insertMedia } from './queries.ts';
import { findOwnMedia, type MediaView } from './reading.ts';
import { type Rendered, renderPhoto } from './render.ts';
import { saveRenditions } from './save-renditions.ts';
import { cleanDescription, cleanFocus, type Focus } from './words.ts';

export type NewPhoto = {
  /** The uploaded file in the temp folder; it is moved or removed, whatever happens. */
  path: string;
  bytes: number;
  /** SHA-256 in hex, if the upload counted it already. */
  sha256?: string | undefined;
  /** The author's preference; true keeps the uploaded file byte for byte. */
  keepOriginal?: boolean;
  description?: string;
  focus?: Focus;
};

/**
 * Takes an uploaded file as a photo that no post uses yet: room is reserved, the image worker makes
 * the renditions, then everything is stored in one transaction. Throws `unsupported_type`, `invalid`,
 * `out_of_space` or `unavailable` with nothing left behind.
 */
export async function addMedia(
  ctx: Context,
  accountId: number,
  photo: NewPhoto,
): Promise<MediaView> {
  try {
    requireOpen(ctx);
    if (photo.bytes === 0) throw new AppError('invalid', 'This file is empty.');
    const words = {
      description: cleanDescription(photo.description ?? ''),
      focus: cleanFocus(photo.focus ?? { x: 0, y: 0 }),
    };
    return await storePhoto(ctx, accountId, photo, words);
  } finally {
    await rm(photo.path, { force: true });
  }
}

async function storePhoto(
  ctx: Context,
  accountId: number,
  photo: NewPhoto,
  words: { description: string; focus: Focus },
): Promise<MediaView> {
  const keep = photo.keepOriginal ?? true;
  const reservation = reserveSpace(ctx, accountId, keep ? photo.bytes : 1);
  let rendered: Rendered;
  try {
    rendered = await renderPhoto(ctx, photo.path, null);
  } catch (error) {
    releaseSpace(ctx, reservation);
    throw error;
  }
  const original: NewBlob[] = keep
    ? [
        {
          path: photo.path,
          purpose: 'original',
          mime: rendered.result.header.mime,
          sha256: photo.sha256,
          bytes: photo.bytes,
        },
      ]
    : [];
  const id = ctx.newId();
  await putBlobs(ctx, { accountId, reservation }, [...rendered.files, ...original], (blobs) =>
    insertPhoto(ctx, { id, accountId, photo, words, rendered, blobs }),
  );
  const media = findOwnMedia(ctx.db, accountId, id);
  if (!media) throw new AppError('conflict', 'This photo was removed while it was being stored.');
  return media;
}

function insertPhoto(
  ctx: Context,
  input: {
    id: number;
    accountId: number;
    photo: NewPhoto;
    words: { description: string; focus: Focus };
    rendered: Rendered;
    blobs: readonly BlobRow[];
  },
): void {
  const { id, accountId, photo, words, rendered, blobs } = input;
  const { result, outputs } = rendered;
  insertMedia(ctx.db, {
    id,
    accountId,
    sourceMime: result.header.mime,
    sourceBytes: photo.bytes,
    originalBlob: blobs.find((blob) => blob.purpose === 'original')?.name ?? null,
    width: result.width,
    height: result.height,
    animated: result.animated ? 1 : 0,
    blurhash: result.blurhash,
    description: words.description,
    focusX: words.focus.x,
    focusY: words.focus.y,
    camera: JSON.stringify(result.camera),
    edits: null,
    now: ctx.now(),
  });
  saveRenditions(ctx, id, outputs, blobs);
}
