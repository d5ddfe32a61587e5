import { afterAll, beforeAll, expect, test } from 'bun:test';
import { addFilter } from '#domain/filters/change.ts';
import { listFilters } from '#domain/filters/reading.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' } });
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
  followAccount(app.ctx, bob.viewer, ann.viewer.id);
});
afterAll(() => app.close());

const page = async (path: string, as = bob) => (await app.request(path, { as })).text();
const add = (form: Record<string, string>, as = bob) =>
  app.request('/settings/filters', { as, form });
const filters = (person = bob) => listFilters(app.ctx, person.viewer);
async function clear(): Promise<void> {
  for (const { id } of filters()) {
    const path = `/settings/filters/${id}/delete`;
    expect((await app.request(path, { as: bob, form: {} })).status).toBe(303);
  }
}

test('a filter covers posts and comments behind its name, which opens without a script', async () => {
  const { id } = post(app.ctx, ann.viewer, { caption: 'A spider at home' });
  const root = post(app.ctx, ann.viewer, { caption: 'Nothing here' }).id;
  post(app.ctx, ann.viewer, { caption: 'Look, a spider', inReplyToId: root, mediaIds: [] });
  const form = { words: 'spider\n\n web ', title: 'Creepy', in_home: '1', in_thread: '1' };
  expect((await add({ ...form, action: 'warn', whole_word: '1' })).status).toBe(303);
  expect(filters()).toMatchObject([{ title: 'Creepy', contexts: ['home', 'thread'] }]);
  expect(filters()[0]?.keywords.map((each) => each.keyword)).toEqual(['spider', 'web']);
  for (const path of ['/', `/@ann/${root}`]) {
    const shown = await page(path);
    expect(shown).toContain('<details class="sifted"><summary><span>Filtered: Creepy');
    expect(shown).toContain('spider');
  }
  // Where it does not count it covers nothing, and nobody else meets it.
  expect(await page('/local')).not.toContain('class="sifted"');
  expect(await page('/', ann)).not.toContain('class="sifted"');
  expect(await page(`/@ann/${id}`)).not.toContain('class="sifted"');
  expect(await page('/settings/filters')).toContain('spider, web');
  await clear();
  expect(await page('/')).not.toContain('class="sifted"');
});

test('a filter covers photos on profiles and leaves out what is to be hidden', async () => {
  post(app.ctx, ann.viewer, { caption: 'A thunderstorm' });
  await add({ words: 'thunderstorm', in_account: '1', action: 'warn' });
  expect(await page('/@ann')).toContain('Filtered: thunderstorm');
  await clear();
  await add({ words: 'THUNDER', in_home: '1', in_public: '1', action: 'hide' });
  expect(await page('/')).not.toContain('thunderstorm');
  expect(await page('/local')).not.toContain('thunderstorm');
  expect(await page('/local', ann)).toContain('thunderstorm');
  await clear();
});

test('a filter that lasts a day is over the day after', async () => {
  await add({ words: 'soon', in_home: '1', lasts: 'day' });
  const until = filters()[0]?.expiresAt ?? 0;
  expect(Math.abs(until - app.ctx.now() - 86_400_000)).toBeLessThan(60_000);
  await clear();
});

test('a mistake comes back with what was typed', async () => {
  const cases: Record<string, string>[] = [
    { words: ' \n', in_home: '1', title: 'Kept <title>' },
    { words: 'x', title: 'Kept <title>' },
    { words: 'x'.repeat(201), in_home: '1', title: 'Kept <title>' },
    { words: 'x', in_home: '1', title: `Kept <title>${'x'.repeat(200)}` },
  ];
  for (const form of cases) {
    const response = await add(form);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('Kept &lt;title>');
  }
  expect(filters()).toEqual([]);
});

test('T97: the filters of somebody else are not there', async () => {
  const filter = addFilter(app.ctx, ann.viewer, {
    ...{ title: 'Mine alone', contexts: ['home'], keywords: [{ keyword: 'secret' }] },
  });
  expect(await page('/settings/filters')).not.toContain('Mine alone');
  for (const id of [String(filter.id), 'x']) {
    const path = `/settings/filters/${id}/delete`;
    expect((await app.request(path, { as: bob, form: {} })).status).toBe(404);
  }
  expect(filters(ann)).toHaveLength(1);
});

test('T75: a form without the token of the page changes nothing', async () => {
  const form = { csrf: 'wrong', words: 'x', in_home: '1' };
  expect((await add(form, ann)).status).toBe(403);
  const path = `/settings/filters/${filters(ann)[0]?.id}/delete`;
  expect((await app.request(path, { as: ann, form })).status).toBe(403);
  expect(filters(ann)).toHaveLength(1);
});
