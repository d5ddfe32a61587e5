import { expect, test } from 'bun:test';
import { createBuckets } from '#base/core/buckets.ts';
import { buildRequest } from '#test/harness/app.ts';
import { createDoorWorld } from './door.ts';

test('a bucket gives its limit at once and the rest evenly', () => {
  let now = 1_000_000;
  const buckets = createBuckets({ limit: 10, windowMs: 10_000 }, () => now);
  const taken = Array.from({ length: 12 }, () => buckets.take('a'));
  expect(taken.map(({ allowed }) => allowed)).toEqual([
    ...new Array<boolean>(10).fill(true),
    false,
    false,
  ]);
  expect(taken[0]).toMatchObject({ limit: 10, remaining: 9, resetAt: now + 1000 });
  expect(taken[11]).toMatchObject({ remaining: 0, retryAfter: 1, resetAt: now + 10_000 });
  now += 1000;
  expect(buckets.take('a').allowed).toBe(true);
  expect(buckets.take('a').allowed).toBe(false);
  now += 60_000;
  expect(buckets.take('a').remaining).toBe(9);
});

test('a clock that goes back gives nothing away', () => {
  let now = 1_000_000;
  const buckets = createBuckets({ limit: 1, windowMs: 1000 }, () => now);
  expect(buckets.take('a').allowed).toBe(true);
  now -= 500_000;
  expect(buckets.take('a').allowed).toBe(false);
});

test('memory stays bounded, and busy keys outlive quiet ones', () => {
  const buckets = createBuckets({ limit: 2, windowMs: 1e9, maxKeys: 100 }, () => 0);
  buckets.take('busy');
  buckets.take('busy');
  for (let index = 0; index < 10_000; index += 1) {
    buckets.take(`k${index}`);
    buckets.take('busy');
  }
  expect(buckets.size()).toBe(100);
  expect(buckets.take('busy').allowed).toBe(false);
});

test('the 301st API request of a stranger gets 429 with a sentence and the times; pages do not count', async () => {
  const { app, door } = await createDoorWorld({ now: Date.UTC(2026, 5, 1) });
  await app.person('anna', 'owner');
  const ask = (address: string, path = '/api/v1/open') =>
    door.handle(buildRequest(path), { address });
  const first = await ask('203.0.113.1');
  expect(first.headers.get('x-ratelimit-limit')).toBe('300');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('299');
  expect(first.headers.get('x-ratelimit-reset')).toMatch(/^2026-06-01T00:00:0\d\.\d{3}Z$/);
  let refused = first;
  for (let index = 0; index < 310 && refused.status === 200; index += 1) {
    refused = await ask('203.0.113.1');
  }
  expect(refused.status).toBe(429);
  expect(await refused.json()).toEqual({ error: 'Too many requests' });
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  expect((await ask('203.0.113.2')).status).toBe(200);
  expect((await ask('203.0.113.1', '/about')).status).toBe(200);
  app.clock.advance(2000);
  expect((await ask('203.0.113.1')).status).toBe(200);
  await app.close();
});

test('one IPv6 customer is one /64', async () => {
  const { app, door } = await createDoorWorld();
  await app.person('anna', 'owner');
  const remaining = async (address: string) => {
    const answer = await door.handle(buildRequest('/api/v1/open'), { address });
    return Number(answer.headers.get('x-ratelimit-remaining'));
  };
  const first = await remaining('2001:db8:1:2::1');
  expect(await remaining('2001:db8:1:2:ffff::9')).toBeLessThanOrEqual(first);
  expect(await remaining('2001:db8:1:3::1')).toBe(299);
  await app.close();
});

test('a token and a session have 600 each, a bad token counts for its address', async () => {
  const { app, door } = await createDoorWorld();
  const anna = await app.person('anna', 'owner');
  const peer = { address: '203.0.113.1' };
  const limit = async (request: Request) =>
    (await door.handle(request, peer)).headers.get('x-ratelimit-limit');
  expect(await limit(buildRequest('/api/v1/mine', { token: anna.token }))).toBe('600');
  expect(await limit(buildRequest('/api/v1/mine', { as: anna }))).toBe('600');
  expect(await limit(buildRequest('/api/v1/mine', { token: 'guessed' }))).toBe('300');
  await app.close();
});

test('the 201st upload in half an hour is refused, before its body is read', async () => {
  const { app, door } = await createDoorWorld();
  const anna = await app.person('anna', 'owner');
  const upload = () =>
    door.handle(buildRequest('/api/v2/media', { method: 'POST', token: anna.token }));
  let answer = await upload();
  let count = 1;
  while (answer.status === 404 && count < 210) {
    answer = await upload();
    count += 1;
  }
  expect(answer.status).toBe(429);
  expect(count).toBeGreaterThanOrEqual(201);
  expect(await answer.json()).toEqual({ error: 'Too many uploads; please wait a little' });
  await app.close();
});
