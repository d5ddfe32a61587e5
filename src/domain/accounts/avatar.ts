import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { ImageEdits, OutputFile, RenderResult } from '#base/platform/images/contract.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { toPhotoError } from '#domain/media/photo-error.ts';
import { putBlobs } from '#domain/storage/put.ts';
import { removeBlobs } from '#domain/storage/remove.ts';
import { findAccount, updateAvatar } from './queries.ts';

/** Pixels of each side of an avatar. */
const SIDE = 400;
/** The whole picture on the way to the square: wide enough that the square's side is not enlarged. */
const WHOLE = 1600;

/**
 * Makes a picture in the temp folder the avatar of an account: the middle square, 400 pixels, JPEG
 * without any metadata (everybody's apps show it). The one before goes. Throws as uploads do:
 * `unsupported_type`, `invalid`, `unavailable`, `out_of_space`.
 */
export async function changeAvatar(ctx: Context, accountId: number, source: string): Promise<void> {
  const whole = ctx.files.tempPath();
  const square = ctx.files.tempPath();
  try {
    // The size after orientation is only known from a first rendition.
    const { width, height } = await render(ctx, source, whole, WHOLE, null);
    const { output } = await render(ctx, whole, square, SIDE, middleSquare(width, height));
    const file = { path: output.path, purpose: 'avatar', mime: output.mime } as const;
    await putBlobs(ctx, { accountId, reservation: null }, [file], ([blob]) => {
      if (blob) replaceAvatar(ctx, accountId, blob.name);
    });
  } catch (error) {
    throw toPhotoError(ctx.config, error);
  } finally {
    await Promise.allSettled([whole, square].map((path) => rm(path, { force: true })));
  }
  emitLive(ctx, 'account.changed', { accountId });
}

/** Takes the avatar of an account away. */
export function removeAvatar(ctx: Context, accountId: number): void {
  transaction(ctx.db, () => replaceAvatar(ctx, accountId, null));
  emitLive(ctx, 'account.changed', { accountId });
}

function replaceAvatar(ctx: Context, accountId: number, blobName: string | null): void {
  const before = findAccount(ctx.db, accountId)?.avatarBlob ?? null;
  updateAvatar(ctx.db, accountId, blobName);
  federate(ctx, { what: 'account', accountId });
  if (before !== null) removeBlobs(ctx, [before]);
}

async function render(
  ctx: Context,
  source: string,
  path: string,
  fit: number,
  edits: ImageEdits | null,
): Promise<RenderResult & { output: OutputFile }> {
  const result = await ctx.images.run({
    kind: 'render',
    source,
    limits: { maxPixels: ctx.config.uploadMaxPixels, maxFrames: ctx.config.uploadMaxFrames },
    edits,
    outputs: [{ name: 'avatar', path, fit, encode: 'jpeg', quality: 90 }],
  });
  const output = result.kind === 'render' ? result.outputs[0] : undefined;
  if (result.kind !== 'render' || !output) throw new TypeError('The image worker made no avatar.');
  return { ...result, output };
}

function middleSquare(width: number, height: number): ImageEdits {
  const side = Math.min(width, height);
  const crop = {
    x: (width - side) / 2 / width,
    y: (height - side) / 2 / height,
    width: side / width,
    height: side / height,
  };
  return { rotate: 0, crop: side === width && side === height ? null : crop };
}
