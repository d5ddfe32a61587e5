import { AppError } from '#base/core/errors.ts';
import { diskFull } from './quota.ts';

const CODES = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/** Turns what the system or SQLite throws on a full disk into the refusal `out_of_space`; gives back anything else. */
export function toSpaceError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && CODES.has(code) ? diskFull(error) : error;
}
