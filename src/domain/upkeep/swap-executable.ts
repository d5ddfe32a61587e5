import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { flushFile, flushFolder } from '#base/platform/write-durably.ts';

/** Where the executable before the last update lies. */
export function previousExecutable(executable: string): string {
  return `${executable}.previous`;
}

/** Where the new executable lies until it takes its place: in the same folder, so that a rename does it. */
export function stagedExecutable(executable: string): string {
  return join(dirname(executable), `.${basename(executable)}.next`);
}

/**
 * Puts the staged executable in its place and keeps the old one beside it. There is a whole executable
 * under the name at every moment. Throws what the file system says (EACCES, EROFS).
 */
export function swapExecutable(executable: string, staged: string): void {
  giveName(executable, previousExecutable(executable));
  renameSync(staged, executable);
  flushFolder(dirname(executable));
}

/**
 * Puts the executable before the last update back in its place; false if it is not there. It keeps its
 * other name, under which it may run.
 */
export function putExecutableBack(executable: string): boolean {
  const previous = previousExecutable(executable);
  if (!existsSync(previous)) return false;
  giveName(previous, executable);
  flushFolder(dirname(executable));
  return true;
}

function giveName(file: string, name: string): void {
  const unfinished = `${name}.new`;
  rmSync(unfinished, { force: true });
  try {
    linkSync(file, unfinished);
  } catch {
    copyFileSync(file, unfinished);
    flushFile(unfinished);
  }
  renameSync(unfinished, name);
  // Between two names of one file a rename does nothing.
  rmSync(unfinished, { force: true });
}

/** SHA-256 of an executable in hex, or null if it cannot be read. Some 150 ms. */
export function hashExecutable(path: string): string | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, 'r');
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(1 << 20);
    for (;;) {
      const count = readSync(descriptor, piece, 0, piece.length, null);
      if (count === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, count));
    }
  } catch {
    return null;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
