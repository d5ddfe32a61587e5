import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { checkSpace } from '#domain/storage/quota.ts';
import { readQuery } from './body.ts';
import { expandPairs, type Input } from './brackets.ts';
import { readUploadForm, type UploadedFile, type UploadParts } from './upload-form.ts';
import { bodyTooLarge, type Pace, usualPace } from './upload-pump.ts';
import { takeSlot } from './upload-slots.ts';

export type UploadOptions = {
  accountId: number;
  /** Names of the fields that carry files; files elsewhere are passed over. */
  fileFields: readonly string[];
  /** One by default. With more, a file that is too large is only left out (`refused`). */
  maxFiles?: number;
  /** The account's preference; then the announced bytes must fit its quota before any is read. */
  keepOriginal?: boolean;
  pace?: Pace;
};

export type ReceivedUpload = {
  /** Query and text fields in one object, brackets expanded, as `readBody` gives them. */
  fields: Input;
  /** In the order of the form. */
  files: UploadedFile[];
  refused: UploadParts['refused'];
  /** Removes the files that nobody took and gives the slot to the next; call it whatever happens. */
  cleanup(): Promise<void>;
};

/** The frame of a multipart body and its text fields, bytes. */
const BODY_MARGIN = 1_000_000;

/**
 * Receives the files of a multipart request into the temp folder. The caller has checked who sends it:
 * nothing is read before the size that was announced, the account's room and its turn (two uploads at
 * once) are known. Throws `too_large`, `out_of_space`, `too_many`, `unavailable`, `unsupported_type`
 * or `bad_request`, with nothing left behind. Where several files may come (a page's form), what
 * concerns the files alone is told in `refused`, so that nothing that was typed is lost.
 */
export async function receiveUpload(
  ctx: Context,
  request: Request,
  options: UploadOptions,
): Promise<ReceivedUpload> {
  const maxFileBytes = ctx.config.uploadMaxSize;
  const maxFiles = options.maxFiles ?? 1;
  const maxBodyBytes = maxFileBytes * maxFiles + BODY_MARGIN;
  const announced = Number(request.headers.get('content-length') ?? 0) || 0;
  if (announced > maxBodyBytes) throw bodyTooLarge(maxBodyBytes - BODY_MARGIN);
  const refuseFiles = findRefusal(ctx, options, announced);
  if (refuseFiles && maxFiles === 1) throw refuseFiles;
  const release = await takeSlot(ctx, options.accountId, request.signal);
  try {
    const parts = await readUploadForm(ctx, request, {
      fileFields: options.fileFields,
      maxFiles,
      maxFileBytes,
      maxBodyBytes,
      refuseFiles,
      pace: options.pace ?? usualPace,
    });
    return {
      fields: Object.assign(readQuery(request), expandPairs(parts.pairs)),
      files: parts.files,
      refused: parts.refused,
      cleanup: async () => {
        release();
        await Promise.allSettled(parts.files.map((file) => rm(file.path, { force: true })));
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Why the account or the disk has no room for what was announced, if so. */
function findRefusal(ctx: Context, options: UploadOptions, announced: number): AppError | null {
  // Of a form with several files some may fit, so only a storage that is full already counts.
  const certain = (options.maxFiles ?? 1) === 1 && (options.keepOriginal ?? true);
  try {
    checkSpace(ctx, options.accountId, certain ? Math.max(1, announced - BODY_MARGIN) : 1);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
