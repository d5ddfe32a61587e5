import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Puts a small text in the place of a file so that a power cut leaves the old text or the new one:
 * temp file, fsync, rename, fsync of the folder. Synchronous, for the few bytes that decide what a
 * start does. `mode` as of chmod(2).
 */
export function writeDurably(path: string, text: string, mode = 0o600): void {
  const unfinished = `${path}.new`;
  // What a crash left, or a link that somebody put there, is not written through.
  rmSync(unfinished, { force: true });
  const descriptor = openSync(unfinished, 'wx', mode);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, path);
  flushFolder(dirname(path));
}

/** Makes renames and removals in a folder outlive a power cut. */
export function flushFolder(path: string): void {
  flushFile(path);
}

/** Brings the bytes of a written file to the disk. */
export function flushFile(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
