import { afterEach, expect, test } from 'bun:test';
import { join } from 'node:path';
import { createSecureContext, createServer as createTlsServer } from 'node:tls';
import { openCanary } from '#test/harness/federation.ts';
import { closeAll, closing, failureOf, get, guarded, OTHER, PEER, serve } from './fetch-world.ts';

afterEach(closeAll);

test('T38: no form of a refused address is connected to', async () => {
  const canary = openCanary();
  closing.push(canary.close);
  const { port } = new URL(canary.origin);
  const ask = guarded();
  const forms = ['127.0.0.99', '127.99', '0x7f.0.0.99', '0177.0.0.0143', '2130706531'];
  forms.push('[::ffff:127.0.0.99]', '127.0.0.99.', '[::ffff:7f00:63]', '[64:ff9b::7f00:63]');
  for (const form of forms) {
    for (const scheme of ['http', 'https']) {
      const failure = await failureOf(ask(get(`${scheme}://${form}:${port}/`)));
      expect([form, failure]).toEqual([form, 'refused_address']);
    }
  }
  expect(canary.connections()).toBe(0);
});

test('T38: without allowed addresses only https on the usual ports is asked', async () => {
  let resolved = 0;
  const ask = guarded(
    {},
    {
      allowAddresses: [],
      resolve: async () => {
        resolved += 1;
        return ['8.8.8.8'];
      },
    },
  );
  for (const url of ['http://a.example/', 'https://a.example:8443/', 'https://a.example:6379/']) {
    expect(await failureOf(ask(get(url)))).toBe('refused_address');
  }
  expect(resolved).toBe(0);
  // An allowed range elsewhere opens nothing for a public address.
  const mixed = guarded({ 'a.example': ['8.8.8.8'] });
  expect(await failureOf(mixed(get('http://a.example/')))).toBe('refused_address');
  expect(await failureOf(mixed(get('https://a.example:6379/')))).toBe('refused_address');
});

test('T38, T42: our own host is never asked', async () => {
  const { port, seen } = serve(() => new Response('no'));
  const own = `${PEER}:${port}`;
  const ask = guarded({}, { isOwnHost: (host) => host === own });
  expect(await failureOf(ask(get(`http://${own}/admin`)))).toBe('refused_address');
  expect(seen).toEqual([]);
});

test('T39: a name is refused when any of its addresses is', async () => {
  const canary = openCanary();
  closing.push(canary.close);
  const { port } = new URL(canary.origin);
  const { port: good } = serve(() => new Response('ok'));
  const ask = guarded({
    'private.test': ['127.0.0.99'],
    'mixed.test': [PEER, '127.0.0.99'],
    'six.test': [PEER, '::1'],
    'link.test': ['fe80::1%eth0'],
    'nonsense.test': ['not an address'],
    'mapped.test': ['::ffff:127.0.0.99'],
    'public.test': ['8.8.8.8', '10.0.0.1'],
  });
  for (const name of ['private', 'mixed', 'six', 'link', 'nonsense', 'mapped', 'public']) {
    for (const at of [port, good]) {
      const failure = await failureOf(ask(get(`http://${name}.test:${at}/`)));
      expect([name, failure]).toEqual([name, 'refused_address']);
    }
  }
  expect(canary.connections()).toBe(0);
  expect(await failureOf(ask(get(`http://missing.test:${good}/`)))).toBe('no_such_host');
  const empty = guarded({ 'empty.test': [] });
  expect(await failureOf(empty(get(`http://empty.test:${good}/`)))).toBe('no_such_host');
});

test('T40: the connection goes to the address that was checked, also when the name has another by then', async () => {
  const canary = openCanary();
  closing.push(canary.close);
  const { port } = new URL(canary.origin);
  const server = Bun.serve({
    ...{ hostname: PEER, port: Number(port), reusePort: false, development: false },
    fetch: () => new Response('checked'),
  });
  closing.push(() => server.stop(true));
  let calls = 0;
  let now = 1_000_000;
  const ask = guarded(
    {},
    {
      now: () => now,
      resolve: async () => {
        calls += 1;
        return calls === 1 ? [PEER] : ['127.0.0.99'];
      },
    },
  );
  const url = `http://rebind.test:${port}/`;
  for (let round = 0; round < 3; round += 1) {
    expect(new TextDecoder().decode((await ask(get(url))).body)).toBe('checked');
  }
  expect(calls).toBe(1);
  now += 60_000;
  expect(await failureOf(ask(get(url)))).toBe('refused_address');
  expect(calls).toBe(2);
  expect(canary.connections()).toBe(0);
});

test('T41: a redirect to a refused address ends there, at every hop', async () => {
  const canary = openCanary();
  closing.push(canary.close);
  const names = { 'inside.test': ['127.0.0.99'] };
  const targets = [canary.origin, `http://inside.test:${new URL(canary.origin).port}/`];
  targets.push('http://169.254.169.254/latest/meta-data', 'http://[::1]/', 'http://2130706531/');
  for (const target of targets) {
    for (const hops of [1, 2]) {
      const { port } = serve(({ url }) => {
        const at = Number(new URL(url).pathname.slice(1));
        const location = at < hops ? `/${at + 1}` : target;
        return new Response(null, { status: 302, headers: { location } });
      });
      const ask = guarded(names)(get(`http://${PEER}:${port}/1`, { redirects: 3 }));
      expect([target, await failureOf(ask)]).toEqual([target, 'refused_address']);
    }
  }
  expect(canary.connections()).toBe(0);
});

test('T41: a redirect is not followed to other schemes, to credentials, without end, or by a POST', async () => {
  const { port, seen } = serve((request) => {
    const to = new URL(request.url).searchParams.get('to') ?? '';
    return new Response('moved', { status: 307, headers: { location: to } });
  });
  const ask = guarded();
  const at = (to: string) => `http://${PEER}:${port}/?to=${encodeURIComponent(to)}`;
  for (const to of [
    'ftp://x.test/',
    'file:///etc/passwd',
    'http://me:you@x.test/',
    'http://',
    '',
  ]) {
    const failure = await failureOf(ask(get(at(to), { redirects: 3 })));
    expect([to, failure === 'bad_redirect' || to === '']).toEqual([to, true]);
  }
  seen.length = 0;
  const loop = 'data:x';
  expect(await failureOf(ask(get(at(loop), { redirects: 3 })))).toBe('bad_redirect');
  const post = await ask(get(at(`http://${OTHER}/`), { method: 'POST', body: 'x', redirects: 3 }));
  expect(post.status).toBe(307);
  const kept = await ask(get(at(`http://${OTHER}/`)));
  expect([kept.status, kept.headers.get('location')]).toEqual([307, `http://${OTHER}/`]);
});

test('T40: over https the certificate is that of the name, although the address is connected to', async () => {
  const pem = async (name: string) =>
    await Bun.file(join(import.meta.dir, '..', 'fixtures', `${name}.pem`)).text();
  const [one, two] = [await pem('one'), await pem('two')];
  const heard: (string | undefined)[] = [];
  let connections = 0;
  const server = createTlsServer(
    {
      ...{ key: one, cert: one },
      SNICallback: (name, done) => {
        heard.push(name);
        const mine = name === 'two.test' ? two : one;
        done(null, createSecureContext({ key: mine, cert: mine }));
      },
    },
    (socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        const host = /\r\nhost: (.*)\r\n/i.exec(String(chunk))?.[1] ?? '';
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${host.length}\r\n\r\n${host}`);
      });
    },
  );
  await new Promise<void>((ready) => server.listen(0, PEER, ready));
  closing.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const names = { 'one.test': [PEER], 'two.test': [PEER], 'three.test': [PEER] };
  const ask = guarded(names, { ca: `${one}${two}` });
  for (let round = 0; round < 3; round += 1) {
    for (const name of ['one.test', 'two.test']) {
      const { body } = await ask(get(`https://${name}:${port}/`));
      expect(new TextDecoder().decode(body)).toBe(`${name}:${port}`);
    }
  }
  expect(heard).toEqual(['one.test', 'two.test']);
  expect(connections).toBe(2);
  expect(await failureOf(ask(get(`https://three.test:${port}/`)))).toBe('unreachable');
  expect(await failureOf(guarded(names)(get(`https://one.test:${port}/`)))).toBe('unreachable');
});
