import { afterEach, expect, test } from 'bun:test';
import { createMetrics } from '#base/platform/metrics.ts';
import { createToken } from '#domain/accounts/tokens.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';

let app: TestApp | null = null;

afterEach(async () => {
  await app?.close();
  app = null;
});

/** One line of the format: name, labels, a number. */
const LINE = /^[a-z_]+(?:\{[a-z]+="[^"\n]*"(?:,[a-z]+="[^"\n]*")*\})? -?[0-9.e+-]+$/;

test('an admin reads the numbers in the format of Prometheus, by session and by token', async () => {
  app = await createTestApp();
  const ada = await app.person('ada', 'owner');
  const token = createToken(app.ctx, ada.viewer.id, 'prometheus', 'admin:read');
  await app.request('/explore', { as: ada });
  await app.request('/api/v1/timelines/home', { token: ada.token });
  for (const who of [{ as: ada }, { token }]) {
    const answer = await app.request('/metrics', who);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    for (const line of text.trimEnd().split('\n')) {
      if (!line.startsWith('#')) expect(line).toMatch(LINE);
    }
    const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
    expect(new Set(families).size).toBe(families.length);
    expect(text).toMatch(/tintype_http_requests_total\{class="api",status="200"\} 1/);
    expect(text).toMatch(/tintype_http_request_seconds_bucket\{class="page",le="\+Inf"\} \d/);
    expect(text).toMatch(/tintype_database_bytes\{file="database"\} [1-9]/);
    expect(text).toMatch(/tintype_process_resident_bytes [1-9]/);
    expect(text).toMatch(/tintype_deliveries\{state="waiting"\} 0/);
  }
});

test('to everybody else the address of the numbers is a page that is not there', async () => {
  app = await createTestApp();
  const ada = await app.person('ada', 'owner');
  const bob = await app.person('bob');
  const { id: adaId } = ada.viewer;
  const guises = [
    {},
    { as: bob },
    { token: bob.token },
    { token: 'guessed' },
    { token: ada.token },
    { token: createToken(app.ctx, adaId, 'x', 'write') },
    { token: createToken(app.ctx, bob.viewer.id, 'x', 'read') },
  ];
  for (const guise of guises) {
    const answer = await app.request('/metrics', guise);
    const missing = await app.request('/metricz', guise);
    expect(answer.status).toBe(missing.status);
    const text = (await answer.text()).replaceAll('metrics', 'metricz');
    expect(text).toBe(await missing.text());
  }
});

test('a histogram counts each duration once and ends in all of them', () => {
  const metrics = createMetrics();
  for (const ms of [1, 30, 30, 700, 60_000]) metrics.time('t', { class: 'page' }, ms);
  const of = (le: string | number) =>
    metrics.read().find(({ name, labels }) => name === 't_bucket' && labels.le === le)?.value;
  expect([of(0.005), of(0.025), of(0.1), of(1), of(10), of('+Inf')]).toEqual([1, 1, 3, 4, 4, 5]);
});

test('counters stay bounded whatever the labels are', () => {
  const metrics = createMetrics();
  for (let n = 0; n < 2000; n += 1) metrics.count('c', { n });
  expect(metrics.read().length).toBe(500);
});

test('a proxy that is trusted gives a request its id, nobody else does', async () => {
  app = await createTestApp({ config: { trustedProxies: ['10.0.0.0/8'] } });
  const ask = async (address: string, id: string) => {
    const answer = await app?.request('/about', { address, headers: { 'x-request-id': id } });
    return answer?.headers.get('x-request-id');
  };
  expect(await ask('10.1.2.3', 'proxy-12345678')).toBe('proxy-12345678');
  expect(await ask('192.0.2.1', 'proxy-12345678')).not.toBe('proxy-12345678');
  expect(await ask('10.1.2.3', 'no words in here')).not.toContain(' ');
});
