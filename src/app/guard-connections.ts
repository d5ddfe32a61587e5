import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Log } from '#base/platform/log.ts';

/** Milliseconds between two looks. */
const LOOK_EVERY = 1000;
/** Part of the open files that connections may take; the rest is for photos and the database. */
const MOST = 0.7;
const SAY_EVERY = 60_000;

type Connections = { closeIdleConnections(): number };

/**
 * Keeps somebody who opens a thousand connections from using up the files that this process may have
 * open: near the limit those that wait for a further request are closed (T123). Half-sent requests
 * are ended by Bun after some seconds. Answers the way to stop looking.
 */
export function guardConnections(
  server: Connections,
  log: Log,
  options: { limit?: number } = {},
): () => void {
  const limit = (options.limit ?? readLimit()) * MOST;
  let said = Number.NEGATIVE_INFINITY;
  const look = () => {
    if (countOpenFiles() < limit) return;
    const closed = server.closeIdleConnections();
    if (performance.now() - said < SAY_EVERY) return;
    said = performance.now();
    log.warn('Very many connections are open; those without a request were closed.', { closed });
  };
  const timer = setInterval(look, LOOK_EVERY);
  timer.unref();
  return () => clearInterval(timer);
}

/** The kernel gives the lowest free number, so that of a new file tells about how many are open. */
function countOpenFiles(): number {
  try {
    const file = openSync('/dev/null', 'r');
    closeSync(file);
    return file;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function readLimit(): number {
  try {
    const text = readFileSync('/proc/self/limits', 'utf8');
    const soft = /^Max open files\s+([0-9]+)/m.exec(text)?.[1];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    // Not Linux: as many as the system gives.
    return Number.POSITIVE_INFINITY;
  }
}
