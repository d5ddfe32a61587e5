import { setPriority } from 'node:os';
import { runArchiveWorker } from '#doors/archive/archive-child.ts';

const LOWEST_PRIORITY = 19;

/** `tintype archive-worker`: writes the archive of one person; started by the server and by `tintype export`. */
export function run(): Promise<number> {
  // Pages that are asked for come first.
  setPriority(LOWEST_PRIORITY);
  return runArchiveWorker();
}
