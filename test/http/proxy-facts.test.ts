import { afterEach, expect, test } from 'bun:test';
import { proxyFacts } from '#doors/http/proxy-facts.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';

const origin = 'https://photos.example.org';
const host = 'photos.example.org';
let app: TestApp | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

async function open(trustedProxies: string[] = [], names: string[] = []): Promise<TestApp> {
  app = await createTestApp();
  const { https } = app.ctx.config;
  await app.close();
  app = await createTestApp({ config: { origin, trustedProxies, https: { ...https, names } } });
  return app;
}

async function ask(
  { request }: TestApp,
  times: number,
  address: string,
  headers: Record<string, string>,
): Promise<void> {
  for (let time = 0; time < times; time += 1) await request('/about', { address, headers });
}

const keys = ({ ctx }: TestApp): string[] => proxyFacts(ctx).map(({ key }) => key);

test('a proxy that is set up right is no news', async () => {
  const world = await open(['127.0.0.1']);
  const right = { host, 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https' };
  await ask(world, 40, '127.0.0.1', right);
  expect(proxyFacts(world.ctx)).toEqual([]);
});

test('a proxy that is not trusted is named, with the flag that trusts it', async () => {
  const world = await open();
  await ask(world, 3, '172.18.0.2', { host, 'x-forwarded-for': '192.0.2.7' });
  const [fact] = proxyFacts(world.ctx);
  expect(fact?.key).toBe('untrusted');
  expect(fact?.advice).toContain('--trusted-proxies 172.18.0.2');
});

test('a stranger who writes such headers is no proxy', async () => {
  const world = await open();
  await ask(world, 40, '93.184.216.35', { host: 'evil.example', 'x-forwarded-for': '10.0.0.1' });
  await ask(world, 40, '93.184.216.34', { host, 'x-forwarded-proto': 'http' });
  expect(keys(world)).toEqual([]);
});

test('one address for all visitors is noticed, whether the proxy is trusted or not', async () => {
  const world = await open(['127.0.0.1']);
  await ask(world, 29, '127.0.0.1', { host });
  expect(keys(world)).toEqual([]);
  await ask(world, 1, '127.0.0.1', { host });
  expect(keys(world)).toEqual(['no_address']);
});

test('a host that was rewritten and plain http in front are noticed', async () => {
  const world = await open(['10.0.0.0/8']);
  const wrong = { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'http' };
  await ask(world, 3, '10.0.0.1', { ...wrong, host: '127.0.0.1:8080' });
  expect(keys(world).sort()).toEqual(['host', 'protocol']);
});

test('a look from this machine itself, and https without a proxy, are no news', async () => {
  const plain = await open();
  await ask(plain, 40, '127.0.0.1', { host: 'localhost:8080' });
  expect(keys(plain)).toEqual([]);
  await plain.close();
  const own = await open([], [host]);
  await ask(own, 40, '192.168.1.5', { host, 'x-forwarded-for': '192.0.2.7' });
  expect(keys(own)).toEqual([]);
});
