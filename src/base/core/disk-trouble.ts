import { AppError } from './errors.ts';

const FULL = /^(ENOSPC|EDQUOT|SQLITE_FULL)$/;
const READ_ONLY = /^(EROFS|SQLITE_READONLY.*)$/;
const FAILING = /^(EIO|EFBIG|SQLITE_IOERR.*)$/;
const NOT_OURS = /^(EACCES|EPERM|SQLITE_CANTOPEN.*)$/;

/**
 * What the system or SQLite says of a disk that is full, read-only, failing or somebody else's, as one
 * sentence for who looks after the server: with the path, so not for visitors. Null for other errors.
 * `where` names the place where the error does not.
 */
export function asDiskTrouble(error: unknown, where = 'this server'): AppError | null {
  if (!(error instanceof Error) || error instanceof AppError) return null;
  const code = 'code' in error ? String(error.code) : '';
  const place = 'path' in error && typeof error.path === 'string' ? error.path : where;
  const cause = { cause: error };
  if (FULL.test(code)) {
    const sentence = `There is no room left for ${place}. Make room on that disk, then try again; nothing was lost.`;
    return new AppError('out_of_space', sentence, cause);
  }
  if (READ_ONLY.test(code)) {
    const sentence = `Nothing can be written to ${place}, because its disk is read-only. Disks become so when they fail: look at the system's log, then try again.`;
    return new AppError('unavailable', sentence, cause);
  }
  if (FAILING.test(code)) {
    const sentence = `The disk takes no more for ${place}: it is failing, or files may not become that large. Look at the system's log and at its limits, then try again.`;
    return new AppError('unavailable', sentence, cause);
  }
  if (NOT_OURS.test(code)) {
    const sentence = `${place} may not be opened by this user. Try it as the user to whom the data directory belongs.`;
    return new AppError('unavailable', sentence, cause);
  }
  return null;
}
