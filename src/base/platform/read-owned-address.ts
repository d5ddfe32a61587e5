import { open } from 'node:fs/promises';

/** How much and how long is read; milliseconds for everything. */
export type ReadLimits = { maxBytes: number; deadline: number; signal?: AbortSignal };

const REDIRECTS = 5;
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/**
 * Reads from an address that the owner of this server set, or from a path: pieces of at most
 * `maxBytes` together. Https only (http to this machine itself), and redirects stay so. Unlike the
 * guarded way out it reaches private addresses, which an owner may well have named. Throws a sentence.
 */
export async function* readOwnedAddress(
  from: string,
  { maxBytes, deadline, signal }: ReadLimits,
): AsyncGenerator<Uint8Array> {
  const late = AbortSignal.timeout(deadline);
  const ended = signal ? AbortSignal.any([late, signal]) : late;
  let count = 0;
  for await (const piece of isAddress(from) ? readAddress(from, ended) : readPath(from)) {
    ended.throwIfAborted();
    count += piece.length;
    if (count > maxBytes) throw new Error(`${from} is larger than it should be.`);
    yield piece;
  }
}

/** Whether a text is an address and not a path. */
export function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

async function* readAddress(from: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let url = requireSafe(from);
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const answer = await fetch(url, { redirect: 'manual', signal });
    const location = answer.headers.get('location');
    if (answer.status >= 300 && answer.status < 400 && location !== null) {
      await answer.body?.cancel();
      url = requireSafe(new URL(location, url).href);
      continue;
    }
    if (answer.status !== 200 || answer.body === null) {
      await answer.body?.cancel();
      throw new Error(`${url.host} answered ${answer.status} for ${url.pathname}.`);
    }
    yield* answer.body;
    return;
  }
  throw new Error(`${url.host} sends on and on.`);
}

function requireSafe(text: string): URL {
  const url = new URL(text);
  if (url.protocol === 'https:') return url;
  if (url.protocol === 'http:' && LOOPBACK.test(url.hostname)) return url;
  throw new Error(`${url.host} is not asked over http, which anybody on the way could change.`);
}

async function* readPath(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${path} is no file.`);
    const piece = new Uint8Array(1 << 20);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length);
      if (bytesRead === 0) return;
      yield piece.slice(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
