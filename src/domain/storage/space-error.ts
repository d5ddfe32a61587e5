import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';
import { diskFull } from './quota.ts';

/**
 * Turns what the system or SQLite throws where a disk is full into the refusal `out_of_space`, and
 * where it is read-only or fails into `unavailable`, in words for visitors; gives back anything else.
 */
export function toSpaceError(error: unknown): unknown {
  const trouble = asDiskTrouble(error);
  if (trouble === null) return error;
  if (trouble.kind === 'out_of_space') return diskFull(error);
  const sentence = 'The disk of this server fails at the moment. Please tell its admin.';
  return new AppError('unavailable', sentence, { cause: error });
}
