import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { addMedia } from '#domain/media/add.ts';
import { describeMedia } from '#domain/media/describe.ts';
import { findOwnMedia } from '#domain/media/reading.ts';
import type { ReceivedUpload } from '#doors/http/uploads.ts';
import { altOf } from './post-form.ts';

export type TakenPhotos = {
  /** Photos of earlier tries first, then those of this form, in its order. */
  mediaIds: number[];
  /** What went wrong with single files, e.g. "Photo 3: This is not a photo." */
  problems: { sentence: string; error: AppError }[];
  /** Alt texts in the order of `mediaIds`, then those of the files that were not taken. */
  alts: string[];
};

/**
 * Makes photos of the files of a form, one after the other, with their alt texts. A file that is not
 * taken does not stop the others.
 */
export async function takePhotos(
  ctx: Context,
  accountId: number,
  upload: ReceivedUpload,
  keepOriginal: boolean,
): Promise<TakenPhotos> {
  const { fields } = upload;
  const kept = await keepPhotos(ctx, accountId, fields);
  const taken: TakenPhotos = { mediaIds: kept.mediaIds, problems: [], alts: kept.alts };
  const left: string[] = [];
  const refuse = (place: number, error: AppError) => {
    taken.problems.push({ sentence: `Photo ${place}: ${error.message}`, error });
    left.push(altOf(fields, place) ?? '');
  };
  const before = kept.mediaIds.length;
  for (const { index, error } of upload.refused) refuse(before + index + 1, error);
  for (const file of upload.files) {
    const place = before + file.index + 1;
    const description = altOf(fields, place) ?? '';
    try {
      const { path, bytes, sha256 } = file;
      const view = await addMedia(ctx, accountId, {
        path,
        bytes,
        sha256,
        keepOriginal,
        description,
      });
      taken.mediaIds.push(view.id);
      taken.alts.push(description);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refuse(place, error);
    }
  }
  taken.alts.push(...left);
  return taken;
}

/** Photos that arrived with an earlier try of the same form, as far as they are still there. */
async function keepPhotos(
  ctx: Context,
  accountId: number,
  fields: Readonly<Record<string, unknown>>,
): Promise<{ mediaIds: number[]; alts: string[] }> {
  const mediaIds: number[] = [];
  const alts: string[] = [];
  for (const text of String(fields.media_ids ?? '').split(',')) {
    const id = parseId(text.trim());
    const view = id === null ? null : findOwnMedia(ctx.db, accountId, id);
    if (!view || view.postId !== null || mediaIds.includes(view.id)) continue;
    mediaIds.push(view.id);
    const description = altOf(fields, mediaIds.length) ?? view.description;
    alts.push(description);
    if (description !== view.description) {
      await describeMedia(ctx, accountId, view.id, { description });
    }
  }
  return { mediaIds, alts };
}
