import type { BrowserContext } from 'playwright-core';
import { findPositions } from './positions.ts';

/**
 * Keeps the body of every answer that the pages of a context get, and finds what should be in none of
 * them. Bodies that the browser threw away (a redirect, an aborted picture) have no bytes to look at.
 */
export function watchBodies(context: BrowserContext): {
  findPositions: () => Promise<string[]>;
} {
  const bodies: Promise<{ url: string; bytes: Buffer }>[] = [];
  context.on('response', (response) => {
    const url = response.url();
    const body = response.body().then(
      (bytes) => ({ url, bytes }),
      () => ({ url, bytes: Buffer.alloc(0) }),
    );
    bodies.push(body);
  });
  return {
    findPositions: async () => {
      const all = await Promise.all(bodies);
      return all.flatMap(({ url, bytes }) => findPositions(bytes).map((what) => `${url}: ${what}`));
    },
  };
}

/**
 * Visits addresses of an instance without a browser, as somebody without an account, and everything
 * below `/media` that their answers name. Gives how many files it got and the positions in them.
 */
export async function fetchAll(
  origin: string,
  paths: readonly string[],
): Promise<{ media: string[]; positions: string[] }> {
  const positions: string[] = [];
  const media = new Set<string>();
  const look = async (url: string): Promise<Buffer> => {
    const answer = await fetch(url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) positions.push(`${url}: answered ${answer.status}`);
    positions.push(...findPositions(bytes).map((what) => `${url}: ${what}`));
    return bytes;
  };
  for (const path of paths) {
    const text = (await look(origin + path)).toString('utf8');
    for (const [found] of text.matchAll(/(?:https?:\/\/[\w.:-]+)?\/media\/[\w./-]+/g)) {
      media.add(new URL(found, origin).href);
    }
  }
  for (const url of media) await look(url);
  return { media: [...media], positions };
}
