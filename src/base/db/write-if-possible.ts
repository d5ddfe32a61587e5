import { asDiskTrouble } from '#base/core/disk-trouble.ts';

/**
 * Writes what is only nice to know, like when a token was used last. On a disk that takes nothing it
 * is left out: whoever only reads must not hear of that disk. Other errors are thrown.
 */
export function writeIfPossible(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (asDiskTrouble(error) === null) throw error;
  }
}
