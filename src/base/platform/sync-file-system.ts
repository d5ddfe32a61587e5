import { dlopen } from 'bun:ffi';
import { closeSync, openSync } from 'node:fs';

/**
 * Waits until everything that was written to the file system of a folder is on its disk (syncfs(2)):
 * for many files at once, where a wait for each would take minutes. Throws when the disk refused.
 */
export function syncFileSystem(folder: string): void {
  const libc = dlopen('libc.so.6', { syncfs: { args: ['i32'], returns: 'i32' } });
  const descriptor = openSync(folder, 'r');
  try {
    if (libc.symbols.syncfs(descriptor) !== 0) {
      throw Object.assign(new Error(`${folder} could not be written to its disk.`), {
        code: 'EIO',
      });
    }
  } finally {
    closeSync(descriptor);
    libc.close();
  }
}
