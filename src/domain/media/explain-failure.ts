import type { Context } from '#base/context.ts';
import { checkDisk, diskFull } from '#domain/storage/quota.ts';
import { toPhotoError } from './photo-error.ts';

/**
 * A failed image task as the refusal for a person: the worker's reason in one sentence, or that the
 * disk is full, if that is why. Gives back what is neither.
 */
export function explainFailure(ctx: Context, error: unknown): unknown {
  const refusal = toPhotoError(ctx.config, error);
  if (refusal === error) return error;
  try {
    checkDisk(ctx, 1_000_000);
  } catch {
    return diskFull(error);
  }
  return refusal;
}
