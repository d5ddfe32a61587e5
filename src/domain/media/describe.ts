import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { ImageEdits } from '#base/platform/images/contract.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { localMedia } from '#domain/storage/local-media.ts';
import { putBlobs } from '#domain/storage/put.ts';
import { checkDisk } from '#domain/storage/quota.ts';
import { removeBlobs } from '#domain/storage/remove.ts';
import { cleanEdits, sameEdits } from './edits.ts';
import { deleteRenditions, setLook, setWords } from './queries.ts';
import { findOwnMedia, type MediaView } from './reading.ts';
import { renderPhoto } from './render.ts';
import { saveRenditions } from './save-renditions.ts';
import { cleanDescription, cleanFocus, type Focus } from './words.ts';

export type MediaChange = {
  description?: string | undefined;
  focus?: Focus | undefined;
  /**
   * The turn and crop of the uploaded picture (null: as it came). Without a kept original they apply
   * to the picture as it is now, once.
   */
  edits?: ImageEdits | null | undefined;
};

/**
 * Changes the words, the focus or the cut of an account's own photo, attached or not, and answers it
 * as it is then. A new cut makes new files under new names; the old ones go. Throws `not_found`,
 * `invalid`, `conflict` (changed twice at once), `out_of_space` or `unavailable`.
 */
export async function describeMedia(
  ctx: Context,
  accountId: number,
  id: number,
  change: MediaChange,
): Promise<MediaView> {
  const media = findOr404(ctx, accountId, id);
  const description =
    change.description === undefined ? undefined : cleanDescription(change.description);
  const edits = change.edits === undefined ? undefined : cleanEdits(change.edits);
  if (edits !== undefined && !sameEdits(edits, media.edits)) await recut(ctx, media, edits);
  if (description !== undefined || change.focus !== undefined) {
    transaction(ctx.db, () => {
      const now = findOr404(ctx, accountId, id);
      const focus = change.focus ? cleanFocus(change.focus) : { x: now.focusX, y: now.focusY };
      setWords(ctx.db, {
        id,
        description: description ?? now.description,
        focusX: focus.x,
        focusY: focus.y,
        now: ctx.now(),
      });
      tellOthers(ctx, now);
    });
  }
  const changed = findOr404(ctx, accountId, id);
  if (changed.postId !== null) {
    emitLive(ctx, 'post.edited', { postId: changed.postId, accountId });
  }
  return changed;
}

async function recut(ctx: Context, media: MediaView, edits: ImageEdits | null): Promise<void> {
  const large = findLarge(media);
  const source = await localMedia(ctx, media.originalBlob ?? large);
  // No reservation: what counts is whether the photo weighs more than before, known at the commit.
  checkDisk(ctx, media.sourceBytes);
  const rendered = await renderPhoto(ctx, source, edits);
  const owner = { accountId: media.accountId, reservation: null };
  await putBlobs(ctx, owner, rendered.files, (blobs) => {
    const now = findOr404(ctx, media.accountId, media.id);
    if (findLarge(now) !== large) {
      throw new AppError('conflict', 'This photo was changed somewhere else. Please try again.');
    }
    removeBlobs(ctx, deleteRenditions(ctx.db, media.id));
    saveRenditions(ctx, media.id, rendered.outputs, blobs);
    setLook(ctx.db, {
      id: media.id,
      width: rendered.result.width,
      height: rendered.result.height,
      animated: rendered.result.animated ? 1 : 0,
      blurhash: rendered.result.blurhash,
      edits: media.originalBlob === null || edits === null ? null : JSON.stringify(edits),
      now: ctx.now(),
    });
    tellOthers(ctx, now);
  });
}

/** Other servers show the post with the old words and the old file until they hear of it. */
function tellOthers(ctx: Context, { postId }: MediaView): void {
  if (postId !== null) federate(ctx, { what: 'post', postId, change: 'update' });
}

function findOr404(ctx: Pick<Context, 'db'>, accountId: number, id: number): MediaView {
  const media = findOwnMedia(ctx.db, accountId, id);
  if (!media) throw new AppError('not_found', 'This photo is not there any more.');
  return media;
}

function findLarge(media: MediaView): string {
  const large = media.renditions.find((rendition) => rendition.name === 'large');
  if (!large) throw new TypeError(`Photo ${media.id} has no large rendition.`);
  return large.blobName;
}
