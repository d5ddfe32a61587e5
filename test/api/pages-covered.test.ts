import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { blobsOf, photo, post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let path: string;
let blob: string;
beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' }, config: { rates: false } });
  ann = await app.person('ann', 'owner');
  const ids = [photo(app.ctx, ann.viewer.id), photo(app.ctx, ann.viewer.id)];
  const made = post(app.ctx, ann.viewer, { spoiler: 'Spiders', mediaIds: ids });
  path = `/@ann/${made.id}`;
  blob = blobsOf(app.ctx, ids[0] ?? 0).find((name) => name.endsWith('.jpg')) ?? 'none';
});
afterAll(() => app.close());

const read = async (at: string, headers: Record<string, string> = {}) => {
  const response = await app.request(at, { headers });
  return { cache: response.headers.get('cache-control'), html: await response.text() };
};

test('the page of one photo shows the content warning first, and nothing of the photo', async () => {
  const { html } = await read(`${path}/photo/1`, { 'sec-fetch-site': 'cross-site' });
  expect(html).toContain('Spiders');
  expect(html).toContain(`href="${path}/photo/1?shown"`);
  expect(html).not.toContain('/media/');
});

test('whoever follows “Show”, or comes from the opened post, sees the photo and its neighbours', async () => {
  const { html, cache } = await read(`${path}/photo/1?shown`, { 'sec-fetch-site': 'same-origin' });
  expect(html).toContain(blob);
  expect(html).toContain(`href="${path}/photo/2?shown"`);
  expect(cache).toContain('private');
  expect((await read(path)).html).toContain(`href="${path}/photo/1?shown"`);
});

test('an address with ?shown that was passed on or typed shows the warning again', async () => {
  for (const site of ['cross-site', 'same-site', 'none']) {
    const { html } = await read(`${path}/photo/1?shown`, { 'sec-fetch-site': site });
    expect(html).not.toContain('/media/');
  }
  // A browser of before 2023 does not say where it comes from; it must get on too.
  expect((await read(`${path}/photo/1?shown`)).html).toContain(blob);
});

test('a post without a warning has no detour', async () => {
  const made = post(app.ctx, ann.viewer);
  const { html } = await read(`/@ann/${made.id}/photo/1`);
  expect(html).toContain('/media/');
  expect(html).not.toContain('?shown');
});
