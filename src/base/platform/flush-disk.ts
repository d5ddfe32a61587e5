import { dlopen } from 'bun:ffi';
import { closeSync, openSync } from 'node:fs';

/**
 * Waits until everything that was written to the disk of `path` is on it (syncfs(2)): once, after
 * many files. Throws if the kernel could not write all of it.
 */
export function flushDisk(path: string): void {
  const descriptor = openSync(path, 'r');
  const libc = dlopen('libc.so.6', { syncfs: { args: ['i32'], returns: 'i32' } });
  try {
    if (libc.symbols.syncfs(descriptor) !== 0) {
      throw new Error(`The disk of ${path} could not write everything.`);
    }
  } finally {
    libc.close();
    closeSync(descriptor);
  }
}
