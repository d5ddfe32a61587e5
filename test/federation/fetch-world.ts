import { expect } from 'bun:test';
import { createServer, type Socket } from 'node:net';
import { createFetch } from '#base/platform/fetch/create-fetch.ts';
import type { FetchFailure, FetchRequest, GuardedFetch } from '#base/platform/fetch.ts';
import { FetchError, type FetchOptions } from '#base/platform/fetch.ts';

export const PEER = '127.0.0.51';
export const OTHER = '127.0.0.52';
const MEBIBYTE = 1_048_576;

/** What a test has opened; `closeAll` after each. */
export const closing: (() => unknown)[] = [];

export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

type Seen = { url: string; headers: Headers };
type Names = Record<string, string[]>;

/** A guarded fetcher that may reach the two peers and nothing else of this machine. */
export function guarded(names: Names = {}, options: Partial<FetchOptions> = {}): GuardedFetch {
  return createFetch({
    allowAddresses: [PEER, OTHER],
    userAgent: 'Tintype/test (+https://photos.example/)',
    now: Date.now,
    resolve: async (host) => {
      const found = names[host];
      if (found === undefined) throw new Error('ENOTFOUND');
      return found;
    },
    ...options,
  });
}

/** A GET with room and time for what a test does. */
export const get = (url: string, more: Partial<FetchRequest> = {}): FetchRequest => ({
  url,
  maxBytes: MEBIBYTE,
  deadline: 2000,
  ...more,
});

/** Why there was no answer. */
export async function failureOf(answer: Promise<unknown>): Promise<FetchFailure | 'none'> {
  try {
    await answer;
    return 'none';
  } catch (error) {
    if (error instanceof FetchError) return error.failure;
    throw error;
  }
}

/** A server on a loopback address; `seen` are the requests with their headers. */
export function serve(
  answer: (request: Request) => Response | Promise<Response>,
  hostname = PEER,
): { port: number; seen: Seen[] } {
  const seen: Seen[] = [];
  const server = Bun.serve({
    ...{ hostname, port: 0, development: false, reusePort: false },
    fetch: (request) => {
      // Read now: Bun forgets headers with the end of a request.
      seen.push({ url: request.url, headers: new Headers([...request.headers]) });
      return answer(request);
    },
  });
  closing.push(() => server.stop(true));
  return { port: server.port ?? 0, seen };
}

/** A server that writes what it likes once a request has come; says how many connections are open. */
export async function raw(
  write: (socket: Socket, head: string) => void,
): Promise<{ port: number; open(): number; all(): number }> {
  const sockets = new Set<Socket>();
  let all = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    all += 1;
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (!text.includes('\r\n\r\n')) return;
      const head = text;
      text = '';
      write(socket, head);
    });
  });
  await new Promise<void>((ready) => server.listen(0, PEER, ready));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, open: () => sockets.size, all: () => all };
}

/** Waits until something is so, and fails if it is not within half a second. */
export async function soon(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !isTrue(); tries += 1) await Bun.sleep(5);
  expect(isTrue()).toBe(true);
}
