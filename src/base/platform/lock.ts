import { dlopen } from 'bun:ffi';
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

const EXCLUSIVE_AT_ONCE = 2 | 4;

/** A held lock; `release` lets the next one in. */
export type Lock = { release(): void };

/**
 * Takes the lock file at `path` for this process, or gives the process id that holds it (0 if it
 * cannot be read). It is the kernel's lock (flock(2)), so it ends with the process, however that
 * ends; children do not inherit it.
 */
export function takeLock(path: string): Lock | { heldBy: number } {
  // Never through a link: root takes the lock in a folder that belongs to the server's user.
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const descriptor = openSync(path, flags, 0o600);
  if (!flock(descriptor)) {
    closeSync(descriptor);
    return { heldBy: Number.parseInt(readFileSync(path, 'utf8'), 10) || 0 };
  }
  // Only for the sentence that the next one reads; what counts is the lock itself.
  ftruncateSync(descriptor);
  writeSync(descriptor, `${process.pid}\n`);
  let held = true;
  return {
    release: () => {
      if (held) closeSync(descriptor);
      held = false;
    },
  };
}

function flock(descriptor: number): boolean {
  const libc = dlopen('libc.so.6', { flock: { args: ['i32', 'i32'], returns: 'i32' } });
  try {
    return libc.symbols.flock(descriptor, EXCLUSIVE_AT_ONCE) === 0;
  } finally {
    libc.close();
  }
}
