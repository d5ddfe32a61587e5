import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
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

describe('changing a filter', () => {
  const formOf = async (id: string) =>
    (await app.request(`/settings/filters/${id}`, { as: ann })).text();

  test('its form holds what it is, and saves what was changed', async () => {
    const made = await app.request('/api/v2/filters', {
      token: ann.token,
      json: {
        title: 'Spiders',
        context: ['home', 'thread'],
        filter_action: 'blur',
        expires_in: 3600,
        keywords_attributes: [
          { keyword: 'spider', whole_word: true },
          { keyword: 'web', whole_word: false },
        ],
      },
    });
    const before = (await made.json()) as FilterAnswer;
    const html = await formOf(before.id);
    expect(html).toContain(`action="/settings/filters/${before.id}"`);
    expect(html).toContain('spider\nweb</textarea>');
    expect(html).toContain('value="Spiders"');
    const saved = await app.request(`/settings/filters/${before.id}`, {
      as: ann,
      form: {
        words: 'spider\ntarantula',
        title: 'Eight legs',
        in_home: '1',
        action: 'warn',
        lasts: 'keep',
      },
    });
    expect(saved.status).toBe(303);
    const read = await app.request(`/api/v2/filters/${before.id}`, { token: ann.token });
    const after = (await read.json()) as FilterAnswer;
    expect(after).toMatchObject({
      title: 'Eight legs',
      context: ['home'],
      filter_action: 'blur',
      expires_at: before.expires_at,
    });
    expect(after.keywords).toEqual([
      { id: before.keywords[0]?.id ?? '', keyword: 'spider', whole_word: true },
      { id: expect.any(String), keyword: 'tarantula', whole_word: false },
    ]);
  });

  test('a mistake brings the form of the same filter back', async () => {
    const made = await app.request('/api/v2/filters', {
      token: ann.token,
      json: { title: 'One', context: ['home'], keywords_attributes: [{ keyword: 'one' }] },
    });
    const { id } = (await made.json()) as FilterAnswer;
    const path = `/settings/filters/${id}`;
    const refused = await app.request(path, { as: ann, form: { words: 'two', title: 'Kept' } });
    expect(refused.status).toBe(422);
    const html = await refused.text();
    expect(html).toContain(`action="${path}"`);
    expect(html).toContain('value="Kept"');
    expect(html).toContain('Choose at least one place.');
  });

  test('T97: nobody opens or changes the filter of somebody else', async () => {
    const made = await app.request('/api/v2/filters', {
      token: ann.token,
      json: { title: 'Mine', context: ['home'], keywords_attributes: [{ keyword: 'mine' }] },
    });
    const { id } = (await made.json()) as FilterAnswer;
    expect((await app.request(`/settings/filters/${id}`, { as: bob })).status).toBe(404);
    const form = { words: 'x', in_home: '1' };
    expect((await app.request(`/settings/filters/${id}`, { as: bob, form })).status).toBe(404);
    expect(await formOf(id)).toContain('mine</textarea>');
  });
});

type FilterAnswer = {
  id: string;
  title: string;
  expires_at: string | null;
  keywords: { id: string; keyword: string; whole_word: boolean }[];
};

test('notifications and messages are covered and left out as the filters say', async () => {
  const eve = await app.person('eve');
  const filter = (title: string, keyword: string, action: string) =>
    app.request('/api/v2/filters', {
      token: eve.token,
      json: {
        title,
        context: ['notifications', 'thread'],
        filter_action: action,
        keywords_attributes: [{ keyword }],
      },
    });
  await filter('Soup', 'gazpacho', 'warn');
  await filter('Gone', 'aubergine', 'hide');
  for (const caption of ['@eve cold gazpacho', '@eve hot aubergine', '@eve plain bread']) {
    const json = { status: caption, visibility: 'direct' };
    await app.request('/api/v1/statuses', { token: bob.token, json });
  }
  const news = await (await app.request('/notifications', { as: eve })).text();
  expect(news).toContain('plain bread');
  expect(news).toMatch(/Filtered: Soup[\s\S]*cold gazpacho/);
  expect(news).not.toContain('hot aubergine');
  const list = await app.request('/api/v1/conversations', { token: eve.token });
  const [talk] = (await list.json()) as { id: string }[];
  const thread = await (await app.request(`/messages/${talk?.id}`, { as: eve })).text();
  expect(thread).toMatch(/Filtered: Soup[\s\S]*cold gazpacho/);
  expect(thread).not.toContain('hot aubergine');
  const json = { status: '@eve more gazpacho', visibility: 'direct' };
  await app.request('/api/v1/statuses', { token: bob.token, json });
  const all = await (await app.request('/messages', { as: eve })).text();
  expect(all).toContain('Filtered: Soup');
  expect(all).not.toContain('more gazpacho');
});

test('a page of which a filter takes something is filled with what comes next, both ways', async () => {
  const max = await app.person('max');
  await app.request(`/api/v1/accounts/${bob.viewer.id}/follow`, { token: max.token, json: {} });
  const ids: string[] = [];
  for (let n = 0; n < 70; n += 1) {
    // Of the newest thirty one in three is shown, of the rest all are.
    const word = n >= 40 && n % 3 !== 0 ? 'turnip' : 'carrot';
    ids.push(String(post(app.ctx, bob.viewer, { caption: `${word} ${n}` }).id));
  }
  const json = {
    title: 'Turnips',
    context: ['home'],
    filter_action: 'hide',
    keywords_attributes: [{ keyword: 'turnip' }],
  };
  await app.request('/api/v2/filters', { token: max.token, json });
  const read = async (path: string) => {
    const html = await (await app.request(path, { as: max })).text();
    return {
      shown: [...new Set(ids.filter((id) => html.includes(`/@bob/${id}"`)))].reverse(),
      older: /href="(\/\?max_id=\d+)"/.exec(html)?.[1],
      newer: /href="(\/\?min_id=\d+)"/.exec(html)?.[1],
    };
  };
  const first = await read('/');
  expect(first.shown).toHaveLength(20);
  const wanted = ids.filter((_, n) => n < 40 || n % 3 === 0).reverse();
  expect(first.shown).toEqual(wanted.slice(0, 20));
  const second = await read(first.older ?? '');
  expect(second.shown).toEqual(wanted.slice(20, 40));
  const third = await read(second.older ?? '');
  expect(third.shown).toEqual(wanted.slice(40, 60));
  const back = await read(third.newer ?? '');
  expect(back.shown).toEqual(wanted.slice(20, 40));
});
