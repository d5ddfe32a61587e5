import { afterEach, expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import type { FetchError } from '#base/platform/fetch.ts';
import {
  closeAll,
  closing,
  failureOf,
  get,
  guarded,
  PEER,
  raw,
  serve,
  soon,
} from './fetch-world.ts';

afterEach(closeAll);

test('T43: an answer that is too large is broken off, however it hides its size, and its connection ends', async () => {
  const bomb = gzipSync(new Uint8Array(100_000_000));
  const { port, open } = await raw((socket, head) => {
    const path = head.split(' ')[1];
    const begin = 'HTTP/1.1 200 OK\r\n';
    if (path === '/said') socket.write(`${begin}content-length: 100000000\r\n\r\nxxx`);
    if (path === '/gzip') {
      socket.write(`${begin}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    }
    if (path === '/endless' || path === '/bare') {
      const isChunked = path === '/endless';
      const chunk = isChunked ? `10000\r\n${'x'.repeat(65_536)}\r\n` : 'x'.repeat(65_536);
      socket.write(`${begin}${isChunked ? 'transfer-encoding: chunked\r\n' : ''}\r\n`);
      const more = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', more);
      more();
    }
  });
  const ask = guarded();
  await ask(get(`http://${PEER}:${port}/said`)).catch(() => undefined);
  const before = process.memoryUsage.rss();
  for (const path of ['said', 'gzip', 'endless', 'bare']) {
    const failure = await failureOf(ask(get(`http://${PEER}:${port}/${path}`)));
    expect([path, failure]).toEqual([path, 'too_large']);
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(20_000_000);
  // The bomb came as a whole, so its connection may be used again.
  await soon(() => open() <= 1);
});

test('T43: what fits to the byte is taken, packed or not, and other packings are refused', async () => {
  const text = 'y'.repeat(1000);
  const { port, seen } = serve(({ url }) => {
    const packed = new URL(url).pathname.slice(1);
    const body = packed === 'gzip' ? gzipSync(text) : text;
    const headers: Record<string, string> =
      packed === 'plain' ? {} : { 'content-encoding': packed };
    return new Response(body, { headers });
  });
  const ask = guarded();
  const at = (path: string, maxBytes: number) =>
    ask(get(`http://${PEER}:${port}/${path}`, { maxBytes }));
  expect((await at('gzip', 1000)).body.length).toBe(1000);
  expect((await at('plain', 1000)).body.length).toBe(1000);
  expect(await failureOf(at('gzip', 999))).toBe('too_large');
  expect(await failureOf(at('plain', 999))).toBe('too_large');
  for (const packing of ['br', 'zstd', 'deflate', 'gzip, gzip']) {
    expect(await failureOf(at(packing, 10_000))).toBe('wrong_type');
  }
  expect(seen[0]?.headers.get('accept-encoding')).toBe('gzip');
});

test('the status of a refusal and of a POST counts, however long its text', async () => {
  const { port } = serve(({ method }) => {
    return new Response('z'.repeat(500_000), { status: method === 'POST' ? 202 : 410 });
  });
  const ask = guarded();
  const gone = await ask(get(`http://${PEER}:${port}/`, { maxBytes: 100_000 }));
  expect(gone.status).toBe(410);
  expect(gone.body.length).toBeLessThan(100_000);
  const post = await ask(
    get(`http://${PEER}:${port}/`, { method: 'POST', body: '{}', maxBytes: 1000 }),
  );
  expect([post.status, post.body.length]).toEqual([202, 1000]);
});

test('T44: everything together has a deadline: silence, a dribbled body, headers without end, a name that hangs', async () => {
  const timers: ReturnType<typeof setInterval>[] = [];
  const { port, open } = await raw((socket, head) => {
    const dribble = (text: string) => timers.push(setInterval(() => socket.write(text), 10));
    const path = head.split(' ')[1];
    if (path === '/body') {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n');
      dribble('x');
    }
    if (path === '/headers') {
      socket.write('HTTP/1.1 200 OK\r\n');
      dribble('x-more: y\r\n');
    }
    if (path === '/redirect') {
      setTimeout(() => {
        socket.write('HTTP/1.1 302 Found\r\nlocation: /redirect\r\ncontent-length: 0\r\n\r\n');
      }, 40);
    }
  });
  closing.push(() => timers.forEach(clearInterval));
  const ask = guarded({}, { resolve: () => new Promise(() => undefined) });
  const paths = ['silence', 'body', 'headers', 'redirect'].map((path) => `${PEER}:${port}/${path}`);
  for (const path of [...paths, 'hang.test/']) {
    const started = performance.now();
    const failure = await failureOf(ask(get(`http://${path}`, { deadline: 100, redirects: 50 })));
    expect([path, failure]).toEqual([path, 'timeout']);
    expect(performance.now() - started).toBeLessThan(4000);
  }
  const slow = ask(
    get(`http://${PEER}:${port}/x`, { deadline: 50, headers: () => new Promise(() => undefined) }),
  );
  expect(await failureOf(slow)).toBe('timeout');
  await soon(() => open() === 0);
});

test('T44: headers that are too many are refused long before the deadline', async () => {
  const { port, open } = await raw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = () => {
      while (!socket.destroyed && socket.write(`x-more: ${'y'.repeat(60_000)}\r\n`));
    };
    socket.on('drain', more);
    more();
  });
  expect(await failureOf(guarded()(get(`http://${PEER}:${port}/`)))).toBe('unreachable');
  await soon(() => open() === 0);
});

test('a caller can break a request off', async () => {
  const { port, open } = await raw(() => undefined);
  const ending = new AbortController();
  const asked = guarded()(get(`http://${PEER}:${port}/`, { signal: ending.signal }));
  await soon(() => open() === 1);
  ending.abort();
  expect(await failureOf(asked)).toBe('unreachable');
  await soon(() => open() === 0);
  const late = guarded()(get(`http://${PEER}:${port}/`, { signal: ending.signal }));
  expect(await failureOf(late)).toBe('unreachable');
});

test('T50: one server is asked 600 times a minute at most, under each of its names too', async () => {
  let now = 1_000_000;
  const options = { now: () => now, allowAddresses: [], resolve: async () => ['8.8.8.8'] };
  const ask = guarded({}, options);
  // No test reaches the network (test/harness/no-network.ts): what passes the bucket ends there.
  const tried = (host: string) => failureOf(ask(get(`https://${host}/`)));
  for (let i = 0; i < 600; i += 1) expect(await tried('victim.test')).toBe('unreachable');
  expect(await tried('victim.test')).toBe('too_many');
  expect(await tried('other.test')).toBe('unreachable');
  const told = await ask(get('https://victim.test/')).catch(
    (error: FetchError) => error.retryAfter,
  );
  expect(told).toBe(1000);
  now += 1000;
  expect(await tried('victim.test')).toBe('unreachable');
  let asked = 0;
  while (asked < 5000 && (await tried(`n${asked}.victim.test`)) === 'unreachable') asked += 1;
  expect(asked).toBeLessThan(3000);
});

test('T50: allowed addresses have no bucket', async () => {
  const { port } = serve(() => new Response(null, { status: 202 }));
  const ask = guarded({ 'peer.test': [PEER] });
  for (let i = 0; i < 700; i += 1) await ask(get(`http://peer.test:${port}/`));
});

test('T51: a flood of names leaves little behind', async () => {
  const ask = guarded({}, { allowAddresses: [], resolve: async () => ['8.8.8.8'] });
  const many = async (from: number, count: number) => {
    for (let i = from; i < from + count; i += 1) {
      await ask(get(`https://h${i}.test/`)).catch(() => undefined);
    }
  };
  await many(0, 12_000);
  Bun.gc(true);
  const before = process.memoryUsage().heapUsed;
  await many(12_000, 24_000);
  Bun.gc(true);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000);
}, 30_000);
