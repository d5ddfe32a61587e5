import { afterEach, expect, test } from 'bun:test';
import { publishPost } from '#domain/posts/publish.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { form, openFront } from '#test/media/front.ts';
import { createMediaApp, photo } from '#test/media/world.ts';

let app: TestApp;
afterEach(() => app.close());

test('the page about how this place works is a step from every page, and tells who sees what here', async () => {
  app = await createTestApp({ settings: { mode: 'solo' } });
  await app.person('ada', 'owner');
  expect(await (await app.request('/about')).text()).toContain('href="/help"');
  const open = await app.request('/help');
  expect(open.headers.get('cache-control')).toBe('public, no-cache');
  expect(await open.text()).toContain('people without an account');
});

test('before there is an owner the set-up page leads nowhere else', async () => {
  app = await createTestApp();
  const page = await (await app.request('/setup')).text();
  expect(page).toContain('Welcome to Tintype');
  for (const path of ['/help', '/about', '/sign-in']) expect(page).not.toContain(`href="${path}"`);
});

test('in a closed place only members read it, and it speaks of them', async () => {
  app = await createTestApp({ settings: { mode: 'family' } });
  const ada = await app.person('ada', 'owner');
  expect((await app.request('/help')).status).toBe(303);
  const page = await (await app.request('/help', { as: ada })).text();
  expect(page).toContain('everybody who has an account here');
  expect(page).not.toContain('people without an account');
});

test('an author takes the original from the page of a post, byte for byte; nobody else sees the way', async () => {
  app = await createMediaApp({ settings: { mode: 'community', 'storage.min_free': '0' } });
  const ann = await app.person('ann', 'owner');
  const ben = await app.person('ben');
  const bytes = await photo(400, 300);
  const front = openFront(app);
  const sent = await front.request('/api/v2/media', { token: ann.token, body: form(bytes) });
  const { id } = (await sent.json()) as { id: string };
  const made = publishPost(app.ctx, ann.viewer, { caption: 'Mine', mediaIds: [Number(id)] });
  const path = `/@ann/${made.id}`;
  const own = await (await app.request(path, { as: ann })).text();
  const address = /href="(\/media\/[^"]+)"[^>]*>(?:<svg.*?<\/svg>)?Download my original/.exec(own);
  const file = address?.[1] ?? 'none';
  const original = await app.request(file, { as: ann });
  expect(new Uint8Array(await original.arrayBuffer())).toEqual(new Uint8Array(bytes));
  expect(original.headers.get('content-disposition')).toContain('attachment');
  for (const as of [undefined, ben]) {
    const page = await (await app.request(path, as ? { as } : {})).text();
    expect(page).not.toContain('Download my original');
    expect(page).not.toContain(file);
    expect((await app.request(file, as ? { as } : {})).status).toBe(404);
  }
  await front.close();
});
