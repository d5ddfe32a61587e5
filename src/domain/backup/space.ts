import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';

// For what is written beside: lists, folders, the journal of the file system.
const MARGIN = 20_000_000;

/** Throws `out_of_space` with the numbers when so many bytes do not fit; `free` null: nobody knows. */
export function withRoom(needed: number, free: number | null, where: string, what: string): void {
  if (free === null || needed + MARGIN <= free) return;
  throw new AppError(
    'out_of_space',
    `There is too little room in ${where}: ${what} needs ${formatBytes(needed + MARGIN)}, and ${formatBytes(free)} are left. Make room there, keep fewer backups (backup.keep), or choose another place (backup.to).`,
  );
}

/** What SQLite and the system say of a full disk, in our words; everything else as it is. */
export function toRoomError(error: unknown, where: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? error.message : '';
  if (code.startsWith('SQLITE_IOERR')) {
    return new AppError(
      'unavailable',
      `A copy of the database could not be written to ${where} (${text}): the disk is failing, or files may not become that large.`,
      { cause: error },
    );
  }
  if (!/^(SQLITE_FULL|ENOSPC|EDQUOT|EFBIG)$/.test(code) && !/disk is full/.test(text)) return error;
  return new AppError('out_of_space', `There is no room left in ${where}; no backup was made.`, {
    cause: error,
  });
}
