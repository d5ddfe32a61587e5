import { afterEach, expect, test } from 'bun:test';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runVerb } from '#test/harness/binary.ts';
import {
  createHttpsWorld,
  type HttpsWorld,
  NAME,
  seeCertificate,
  until,
} from '#test/harness/https-binary.ts';

let world: HttpsWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

const tls = { rejectUnauthorized: false };
const insecure = (port: number, path: string, init: BunFetchRequestInit = {}): Promise<Response> =>
  fetch(`https://127.0.0.1:${port}${path}`, {
    ...init,
    tls,
    headers: { host: NAME, ...init.headers },
  });

test('the first certificate comes from the second directory, and is renewed under an open connection', async () => {
  world = await createHttpsWorld({ seconds: 12 });
  const { home, pebble, tlsPort, httpPort } = world;
  const down = 'https://127.0.0.1:1/dir';
  const server = await world.serve('--https-directory', `${down},${pebble.directory}`);
  const first = await until(() => seeCertificate(tlsPort), 20, server.output);
  expect(first.names).toBe(`DNS:${NAME}`);
  expect(first.issuer).toStartWith('Pebble');
  expect(server.output()).toContain('127.0.0.1:1, which issues certificates, does not answer');

  const redirected = await fetch(`http://127.0.0.1:${httpPort}/@ada?x=1`, { redirect: 'manual' });
  expect([redirected.status, redirected.headers.get('location')]).toEqual([
    308,
    `https://${NAME}/@ada?x=1`,
  ]);
  const page = await insecure(tlsPort, '/livez');
  expect(page.headers.get('strict-transport-security')).toBe('max-age=31536000');

  const made = await runVerb(
    home,
    [
      'account',
      'create',
      'ada',
      '--email',
      'a@b.test',
      '--owner',
      '--password-stdin',
      '--data',
      home.data,
    ],
    { stdin: 'a long password for tests' },
  );
  expect(made).toMatchObject({ code: 0 });
  const token = (
    await runVerb(home, ['account', 'token', 'ada', '--data', home.data])
  ).stdout.trim();
  const heard: string[] = [];
  const socket = new WebSocket(
    `wss://127.0.0.1:${tlsPort}/api/v1/streaming?stream=user&access_token=${token}`,
    // Options of Bun's that the types of browsers do not know.
    { tls, headers: { host: NAME } } as unknown as string[],
  );
  socket.onmessage = ({ data }) => heard.push(String(data));
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });

  const second = await until(
    async () => {
      const now = await seeCertificate(tlsPort);
      return now === null || now.fingerprint === first.fingerprint ? null : now;
    },
    20,
    server.output,
  );
  expect(second.names).toBe(`DNS:${NAME}`);
  const posted = await insecure(tlsPort, '/api/v1/statuses', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ status: 'after the swap' }),
  });
  expect(posted.status).toBe(200);
  await until(
    () => heard.find((each) => each.includes('after the swap')) ?? null,
    5,
    server.output,
  );
  socket.close();

  expect((await runVerb(home, ['healthcheck', '--data', home.data])).stdout).toBe('ready\n');
  for (const name of ['certificate.pem', 'state.json']) {
    expect(statSync(join(home.data, 'tls', name)).mode & 0o777).toBe(0o600);
  }
  expect(await server.stop()).toBe(0);
}, 60_000);

test('where port 80 is not reached the name is proven by TLS-ALPN-01, at the renewal beside everybody else', async () => {
  world = await createHttpsWorld({ seconds: 9, blind: 'http' });
  const { tlsPort } = world;
  const server = await world.serve();
  const first = await until(() => seeCertificate(tlsPort), 20, server.output);
  const seen = new Set([first.issuer]);
  let answered = 0;
  await until(
    async () => {
      const now = await seeCertificate(tlsPort);
      if (now !== null) seen.add(now.issuer);
      if ((await insecure(tlsPort, '/livez').catch(() => null))?.ok === true) answered += 1;
      return now !== null && now.fingerprint !== first.fingerprint ? now : null;
    },
    20,
    server.output,
  );
  // Nobody but the authority got to see the proof.
  expect([...seen].every((issuer) => issuer.startsWith('Pebble'))).toBe(true);
  expect(answered).toBeGreaterThan(10);
  expect(world.pebble.count('Issued certificate')).toBe(2);
}, 60_000);

test('a failure is explained, remembered on the disk, and not repeated by starting anew', async () => {
  world = await createHttpsWorld({ seconds: 3600, blind: 'both' });
  const { home, httpPort, pebble } = world;
  const server = await world.serve();
  await until(
    () => (server.output().includes('could not reach this server at') ? true : null),
    20,
    server.output,
  );
  expect(server.output()).toContain('Ports 80 and 443 must be open');
  const page = await fetch(`http://127.0.0.1:${httpPort}/@ada`, { redirect: 'manual' });
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '10']);
  expect(await page.text()).toContain('is obtaining its certificate');
  const state = () => JSON.parse(readFileSync(join(home.data, 'tls/state.json'), 'utf8'));
  await until(() => (state().problem === null ? null : true), 5, server.output);
  const asked = pebble.count('POST /order-plz');
  for (let start = 0; start < 2; start += 1) {
    await world.serve().then(
      (again) => again.stop(),
      () => null,
    );
    if (start === 0) await server.stop();
  }
  const ran = await runVerb(home, ['jobs', 'run', 'https.renew', '--data', home.data]);
  expect(ran.stdout + ran.stderr).not.toContain('obtained');
  expect(pebble.count('POST /order-plz')).toBe(asked);
  expect(state()).toMatchObject({ failures: 1 });
  expect(state().nextTry).toBeGreaterThan(Date.now() + 30_000);
}, 60_000);

test('a name that DNS does not know is told so, and a name of a home network before anything is asked', async () => {
  world = await createHttpsWorld({ seconds: 3600 });
  await world.pebble.forget();
  const server = await world.serve();
  await until(
    () => (server.output().includes('is not found in DNS') ? true : null),
    20,
    server.output,
  );
  expect(server.output()).toContain('Add an A record');
  const { home } = world;
  const local = await runVerb(home, ['serve', 'photos.local', '--data', join(home.data, 'b')]);
  expect([local.code, local.stderr]).toEqual([1, expect.stringContaining('Nobody issues')]);
}, 60_000);

test('a second server does not share the ports, and says who could stand in front', async () => {
  world = await createHttpsWorld({ seconds: 3600 });
  const { home, tlsPort, httpPort } = world;
  const server = await world.serve();
  await until(() => seeCertificate(tlsPort), 20, server.output);
  const listen = `127.0.0.1:${tlsPort},127.0.0.1:${httpPort}`;
  const other = await runVerb(home, [
    ...['serve', NAME, '--data', join(home.data, 'b'), '--https-listen', listen],
  ]);
  expect(other.code).toBe(1);
  expect(other.stderr).toContain(`Port ${tlsPort} is taken by another program`);
  expect(other.stderr).toContain(`--origin https://${NAME} --listen 127.0.0.1:8080`);
}, 60_000);
