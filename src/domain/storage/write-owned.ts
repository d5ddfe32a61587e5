import { AppError } from '#base/core/errors.ts';

/**
 * Runs a write of rows that belong to an account. Throws `gone` where the account was removed
 * meanwhile, as can happen while a photo of it waits for the image worker.
 */
export function writeOwned(write: () => void): void {
  try {
    write();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'SQLITE_CONSTRAINT_FOREIGNKEY') throw error;
    throw new AppError('gone', 'This account is not there any more.', { cause: error });
  }
}
