import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The log as files of the data directory, with room for so much and no more. */
export type LogRing = {
  /** Takes a line; it is on its way to the disk half a second later, and nobody waits for it. */
  write(line: string): void;
  /** Warnings and errors of late, the newest first; also those of before the start. */
  recent(): string[];
  /** Writes what is left and closes the file. */
  close(): void;
};

const PAUSE = 500;
/** Characters that wait for a slow or full disk; what comes after them is dropped. */
const MOST_WAITING = 256_000;
const LONGEST_LINE = 4_000;
const REMEMBERED = 50;
const TAIL = 128_000;

/**
 * Keeps the newest `files` × `bytes` of the log in `directory`: `tintype.log` and, older ones first
 * to go, `tintype.1.log` and so on, readable by their owner alone. A disk that is full or read-only
 * costs lines of the log, never a request: it is tried again with the next lines.
 */
export function createLogRing(
  directory: string,
  {
    bytes = 2_000_000,
    files = 4,
    pause = PAUSE,
  }: { bytes?: number; files?: number; pause?: number } = {},
): LogRing {
  const nameOf = (at: number) => join(directory, at === 0 ? 'tintype.log' : `tintype.${at}.log`);
  const remembered = readTroubles(nameOf(0));
  let waiting: string[] = [];
  let size = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let closed = false;
  let busy = false;

  const take = () => {
    const text = waiting.join('');
    waiting = [];
    size = 0;
    return text;
  };
  const flush = async () => {
    timer = null;
    if (busy || closed) return;
    busy = true;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      if ((await sizeOf(nameOf(0))) >= bytes) await turnRing(nameOf, files);
      // Somebody may have closed the ring meanwhile, and written what was left.
      if (!closed) await appendFile(nameOf(0), take(), { mode: 0o600 });
    } catch {
      // A log is not worth an error.
    } finally {
      busy = false;
      if (!closed && waiting.length > 0) plan();
    }
  };
  const plan = () => {
    timer ??= setTimeout(flush, pause);
    timer.unref();
  };
  return {
    write: (line) => {
      if (closed) return;
      const short = line.slice(0, LONGEST_LINE);
      if (isTrouble(short)) {
        remembered.unshift(short);
        if (remembered.length > REMEMBERED) remembered.pop();
      }
      if (size + short.length > MOST_WAITING) return;
      waiting.push(`${short}\n`);
      size += short.length + 1;
      plan();
    },
    recent: () => [...remembered],
    close: () => {
      if (closed) return;
      closed = true;
      if (timer !== null) clearTimeout(timer);
      writeRest(directory, nameOf, bytes, take());
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/** Makes room for a new file: each one is called one older, and the oldest is written over. */
async function turnRing(nameOf: (at: number) => string, files: number): Promise<void> {
  for (let at = files - 1; at > 0; at -= 1) {
    await rename(nameOf(at - 1), nameOf(at)).catch(() => {});
  }
}

/** The last lines, while the process ends. */
function writeRest(
  directory: string,
  nameOf: (at: number) => string,
  bytes: number,
  text: string,
): void {
  if (text === '') return;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const descriptor = openSync(nameOf(0), 'a', 0o600);
    try {
      writeSync(descriptor, text);
      if (fstatSync(descriptor).size > 2 * bytes) renameSync(nameOf(0), nameOf(1));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // A log is not worth an error.
  }
}

function isTrouble(line: string): boolean {
  return /^\S+ (?:WARNING|ERROR) /.test(line);
}

/** What the last run left to look at. */
function readTroubles(path: string): string[] {
  return readTail(path).split('\n').filter(isTrouble).slice(-REMEMBERED).reverse();
}

function readTail(path: string): string {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const { size } = fstatSync(descriptor);
      if (size <= TAIL) return readFileSync(descriptor, 'utf8');
      const bytes = Buffer.alloc(TAIL);
      const read = readSync(descriptor, bytes, 0, TAIL, size - TAIL);
      const text = bytes.toString('utf8', 0, read);
      return text.slice(text.indexOf('\n') + 1);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
