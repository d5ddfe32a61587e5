import { afterEach, expect, test } from 'bun:test';
import { join } from 'node:path';
import {
  closeAll,
  closing,
  failureOf,
  get,
  guarded,
  OTHER,
  PEER,
  raw,
  serve,
} from './fetch-world.ts';

afterEach(closeAll);

test('an answer comes with status, address, headers and body, asked for under our name and without cookies', async () => {
  const { port, seen } = serve(
    () => new Response('{"a":1}', { headers: { 'set-cookie': 'spy=1', 'x-more': 'yes' } }),
  );
  const ask = guarded({ 'peer.test': [PEER] });
  const url = `http://peer.test:${port}/users/ann?page=1`;
  for (let round = 0; round < 2; round += 1) {
    const answer = await ask(get(url, { headers: () => ({ accept: 'x/y', host: 'evil.test' }) }));
    expect(answer).toMatchObject({ status: 200, url });
    expect(answer.headers.get('x-more')).toBe('yes');
    expect(new TextDecoder().decode(answer.body)).toBe('{"a":1}');
  }
  const [, second] = seen;
  expect(second?.headers.get('host')).toBe(`peer.test:${port}`);
  expect(second?.headers.get('user-agent')).toStartWith('Tintype/');
  expect(second?.headers.get('accept')).toBe('x/y');
  expect(second?.headers.get('cookie')).toBeNull();
  expect(new URL(second?.url ?? '').search).toBe('?page=1');
});

test('T34, T41: at most so many hops are followed, each with its own headers, and the last address is told', async () => {
  const hosts: string[] = [];
  const other = serve(({ url }) => {
    const n = Number(new URL(url).searchParams.get('n'));
    if (n === 0) return new Response('there');
    const location = `http://${PEER}:${first.port}/?n=${n - 1}#fragment`;
    return new Response(null, { status: 301, headers: { location } });
  }, OTHER);
  const first: { port: number; seen: { headers: Headers }[] } = serve(({ url }) => {
    const n = Number(new URL(url).searchParams.get('n'));
    if (n === 0) return new Response('there');
    const location = `http://${OTHER}:${other.port}/?n=${n - 1}`;
    return new Response(null, { status: 301, headers: { location } });
  });
  const ask = (n: number) =>
    guarded()(
      get(`http://${PEER}:${first.port}/?n=${n}`, {
        redirects: 3,
        headers: (url) => {
          hosts.push(url.host);
          return { signature: `for ${url.host}` };
        },
      }),
    );
  const answer = await ask(3);
  expect(answer.url).toBe(`http://${OTHER}:${other.port}/?n=0`);
  expect(hosts).toEqual(
    [first, other, first, other].map(({ port }, i) => `${[PEER, OTHER][i % 2]}:${port}`),
  );
  expect(other.seen.at(-1)?.headers.get('signature')).toBe(`for ${OTHER}:${other.port}`);
  expect(await failureOf(ask(4))).toBe('bad_redirect');
});

test('what headers() throws comes out as it is, and nothing is asked, not even for the name', async () => {
  const { port, seen } = serve(() => new Response('x'));
  const refuse = () => Promise.reject(new Error('blocked here'));
  let resolved = 0;
  const resolve = async () => {
    resolved += 1;
    return [PEER];
  };
  const asked = guarded({}, { resolve })(get(`http://a.test:${port}/`, { headers: refuse }));
  await expect(asked).rejects.toThrow('blocked here');
  expect([seen.length, resolved]).toEqual([0, 0]);
});

test('T31: only the wanted types are taken, exactly, and only of what went well', async () => {
  const types = [
    'application/activity+json',
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
  ];
  const { port } = serve(({ url }) => {
    const { searchParams } = new URL(url);
    const type = searchParams.get('type');
    const headers: Record<string, string> = type === null ? {} : { 'content-type': type };
    const status = Number(searchParams.get('status') ?? 200);
    return new Response(new Uint8Array([123, 125]), { status, headers });
  });
  const ask = (type: string | null, status = 200) => {
    const query = type === null ? '' : `&type=${encodeURIComponent(type)}`;
    return failureOf(guarded()(get(`http://${PEER}:${port}/?status=${status}${query}`, { types })));
  };
  const profile = 'https://www.w3.org/ns/activitystreams';
  for (const good of [
    ...['application/activity+json', 'Application/Activity+JSON; charset=utf-8'],
    ...[`application/ld+json; profile="${profile}"`, `application/ld+json;profile="x ${profile}"`],
    `application/ld+json; charset=utf-8; profile="${profile}"`,
  ]) {
    expect([good, await ask(good)]).toEqual([good, 'none']);
  }
  for (const bad of [
    ...[null, 'application/json', 'application/ld+json', 'image/png', 'text/plain', 'text/html'],
    ...['application/activity+jsonx', 'application/activity+json, text/html', 'application/*'],
    ...[
      'application/ld+json; profile="https://evil.example/"',
      'application/ld+json; profile=x;;=y',
    ],
    ...['application/activity+json; "', 'x application/activity+json'],
  ]) {
    expect([bad, await ask(bad)]).toEqual([bad, 'wrong_type']);
  }
  expect(await ask('text/html', 404)).toBe('none');
});

test('a connection is used again, and one that the other side closed costs nothing', async () => {
  let answers = 0;
  const { port, all } = await raw((socket) => {
    answers += 1;
    socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n');
    if (answers === 50) socket.end();
  });
  const ask = guarded({ 'peer.test': [PEER] });
  for (let i = 0; i < 100; i += 1) {
    const message = { method: 'POST', body: '{}' } as const;
    const { status } = await ask(get(`http://peer.test:${port}/inbox`, message));
    expect(status).toBe(202);
    if (i === 49) await Bun.sleep(20);
  }
  expect(all()).toBeLessThanOrEqual(3);
});

test('where one address of a name takes no connections the next one is tried', async () => {
  const { port } = serve(() => new Response('second'));
  const ask = guarded({ 'peer.test': [OTHER, PEER], 'down.test': [OTHER] });
  expect((await ask(get(`http://peer.test:${port}/`))).status).toBe(200);
  expect(await failureOf(ask(get(`http://down.test:${port}/`)))).toBe('unreachable');
});

test('T34: a redirect from https to http is refused', async () => {
  const pem = await Bun.file(join(import.meta.dir, '..', 'fixtures', 'one.pem')).text();
  const plain = serve(() => new Response('plain'));
  const server = Bun.serve({
    ...{ hostname: PEER, port: 0, reusePort: false, development: false },
    tls: { key: pem, cert: pem },
    fetch: () =>
      new Response(null, { status: 302, headers: { location: `http://${PEER}:${plain.port}/` } }),
  });
  closing.push(() => server.stop(true));
  const ask = guarded({ 'one.test': [PEER] }, { ca: pem });
  const asked = ask(get(`https://one.test:${server.port}/`, { redirects: 3 }));
  expect(await failureOf(asked)).toBe('bad_redirect');
  expect(plain.seen).toEqual([]);
});
