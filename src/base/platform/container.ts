import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const INITS = ['docker-init', 'tini', 'dumb-init', 'catatonit'];

/**
 * Whether an executable belongs to the image of a container: it is what the container was started for
 * (the first process, alone or below one of the tiny ones that containers have). In a container that is
 * kept like a machine, with a system of its own, it is a file like any other.
 */
export function isContainerImage(executable: string): boolean {
  if (!existsSync('/.dockerenv') && !existsSync('/run/.containerenv')) return false;
  try {
    const first = readFileSync('/proc/1/comm', 'utf8').trim();
    return first === basename(executable).slice(0, 15) || INITS.includes(first);
  } catch {
    return true;
  }
}
