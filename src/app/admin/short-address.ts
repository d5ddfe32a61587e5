import { closeSync, openSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

// The kernel takes 107 bytes for the address of a socket.
const LONGEST_PATH = 100;

/** An address of a socket that is short enough: long ones go by way of a descriptor of their folder. */
export function shortAddress(path: string): { path: string; release(): void } {
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, release: () => undefined };
  const folder = openSync(dirname(path), 'r');
  return {
    path: join('/proc/self/fd', String(folder), basename(path)),
    release: () => closeSync(folder),
  };
}
