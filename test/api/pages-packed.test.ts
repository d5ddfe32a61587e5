import { afterEach, expect, test } from 'bun:test';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
afterEach(() => app.close());

async function start(origin: string | null = 'https://photos.example.org'): Promise<void> {
  app = await createTestApp({ settings: { mode: 'community' }, config: { origin } });
  ann = await app.person('ann', 'owner');
  post(app.ctx, ann.viewer, { caption: 'Fog' });
}
const ask = (headers: Record<string, string>, as?: Person) =>
  app.request('/@ann', { headers, ...(as ? { as } : {}) });

test('a page for strangers comes compressed where that is understood, and is the same page', async () => {
  await start();
  const plain = await ask({});
  const text = await plain.text();
  for (const accepts of ['gzip, deflate, br, zstd', 'br;q=1.0, gzip;q=0.8', 'GZIP']) {
    const packed = await ask({ 'accept-encoding': accepts });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    const bytes = new Uint8Array(await packed.arrayBuffer());
    expect(bytes.length).toBeLessThan(text.length / 2);
    expect(new TextDecoder().decode(Bun.gunzipSync(bytes))).toBe(text);
    expect(packed.headers.get('vary')).toContain('Accept-Encoding');
    const etag = packed.headers.get('etag') ?? '';
    expect((await ask({ 'if-none-match': etag })).status).toBe(304);
  }
  expect(plain.headers.get('vary')).toContain('Accept-Encoding');
});

test('whoever does not want it gets it plain', async () => {
  await start();
  for (const accepts of ['', 'identity', 'br', 'gzip;q=0', 'gzip; q=0.000, br']) {
    const answer = await ask({ 'accept-encoding': accepts });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.text()).toStartWith('<!doctype html>');
  }
});

test('a page with secrets in it is never compressed', async () => {
  await start();
  const gzip = { 'accept-encoding': 'gzip' };
  expect((await ask(gzip, ann)).headers.get('content-encoding')).toBeNull();
  expect((await ask({ ...gzip, cookie: 'x=1' })).headers.get('content-encoding')).toBeNull();
  expect((await app.request('/sign-in', { headers: gzip })).headers.get('content-encoding')).toBe(
    null,
  );
});

test('a server without a public address sends text, in which the name it was asked by is written', async () => {
  await start(null);
  const headers = { 'accept-encoding': 'gzip', host: '192.168.1.5:8080' };
  const answer = await ask(headers);
  expect(answer.headers.get('content-encoding')).toBeNull();
  expect(await answer.text()).toContain('http://192.168.1.5:8080/media/');
});
