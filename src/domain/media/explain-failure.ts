import type { Context } from '#base/context.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { checkDisk, diskFull } from '#domain/storage/quota.ts';
import { toPhotoError } from './photo-error.ts';

/**
 * A failed image task as the refusal for a person: the worker's reason in one sentence, or that the
 * disk is full, when that is why (a file cut short by a full disk looks damaged to a decoder, and an
 * encoder that cannot write just fails). Gives back what is neither.
 */
export function explainFailure(ctx: Context, error: unknown, sourceBytes: number): unknown {
  if (!(error instanceof ImageRefused)) return error;
  if (error.refusal === 'damaged' || error.refusal === 'worker_failed') {
    if (/ENOSPC|EDQUOT|no space left/i.test(error.message)) return diskFull(error);
    try {
      checkDisk(ctx, sourceBytes * 2 + 1_000_000);
    } catch {
      return diskFull(error);
    }
  }
  return toPhotoError(ctx.config, error);
}
