import { join } from 'node:path';

/**
 * The command line that starts this program again with another verb: the executable itself when it
 * is compiled, else Bun with the entry file.
 */
export function ownCommand(verb: string): string[] {
  if (import.meta.dir.startsWith('/$bunfs/')) return [process.execPath, verb];
  return [process.execPath, join(import.meta.dir, '..', '..', 'main.ts'), verb];
}
