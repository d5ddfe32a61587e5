import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
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
 * or `bad_request`, with nothing left behind.
 */
export async function receiveUpload(
  ctx: Context,
  request: Request,
  options: UploadOptions,
): Promise<ReceivedUpload> {
  const maxFileBytes = ctx.config.uploadMaxSize;
  const maxBodyBytes = maxFileBytes + BODY_MARGIN;
  const announced = Number(request.headers.get('content-length') ?? 0) || 0;
  if (announced > maxBodyBytes) throw bodyTooLarge(maxFileBytes);
  checkSpace(ctx, options.accountId, leastBytes(announced, options.keepOriginal ?? true));
  const release = await takeSlot(ctx, options.accountId, request.signal);
  try {
    const parts = await readUploadForm(ctx, request, {
      fileFields: options.fileFields,
      maxFiles: options.maxFiles ?? 1,
      maxFileBytes,
      maxBodyBytes,
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

/** What will be stored for certain if this body is as long as it says. */
function leastBytes(announced: number, keepOriginal: boolean): number {
  return keepOriginal ? Math.max(1, announced - BODY_MARGIN) : 1;
}
