import { startObjectStore, type TestStore } from './object-store.ts';

/** How the way to a store is: fine, silent for ever, or full of errors. */
export type StoreMood = 'well' | 'silent' | 'broken' | 'breaks-off';

/** A store behind a way that can fail. */
export type FlakyStore = TestStore & {
  mood: StoreMood;
  /** Called before a request goes on: method, path. */
  onRequest: ((method: string, path: string) => void | Promise<void>) | null;
  requests: { method: string; path: string }[];
};

/** Starts one; the address stays the same whatever its mood. */
export async function startFlakyStore(buckets: readonly string[]): Promise<FlakyStore> {
  const store = await startObjectStore(buckets);
  const front = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      flaky.requests.push({ method: request.method, path: pathname });
      await flaky.onRequest?.(request.method, pathname);
      if (flaky.mood === 'silent') await new Promise(() => undefined);
      if (flaky.mood === 'broken') return new Response('<Code>SlowDown</Code>', { status: 503 });
      const headers = new Headers(request.headers);
      headers.set('host', new URL(store.s3.endpoint).host);
      const body =
        request.method === 'PUT' || request.method === 'POST' ? await request.blob() : null;
      const answer = await fetch(`${store.s3.endpoint}${pathname}${search}`, {
        method: request.method,
        headers,
        body,
        redirect: 'manual',
      });
      if (flaky.mood !== 'breaks-off' || request.method !== 'GET') return answer;
      const bytes = await answer.bytes();
      return new Response(breakOff(bytes), { status: answer.status, headers: answer.headers });
    },
  });
  const flaky: FlakyStore = {
    ...store,
    s3: { ...store.s3, endpoint: `http://127.0.0.1:${front.port}` },
    mood: 'well',
    onRequest: null,
    requests: [],
    close: async () => {
      await front.stop(true);
      await store.close();
    },
  };
  return flaky;
}

function breakOff(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let begun = false;
  return new ReadableStream({
    pull: async (controller) => {
      if (!begun) {
        begun = true;
        controller.enqueue(bytes.subarray(0, Math.ceil(bytes.byteLength / 2)));
        return;
      }
      await new Promise(() => undefined);
    },
  });
}
