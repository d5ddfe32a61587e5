import { statfsSync } from 'node:fs';

/** Bytes that the file system of a path has left for this process. */
export function freeBytesOf(path: string): number {
  const disk = statfsSync(path);
  return disk.bavail * disk.bsize;
}
