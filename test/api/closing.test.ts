import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestApp, PASSWORD, type Person, type TestApp } from '#test/harness/app.ts';
import { publishPhoto, type WalkPost } from '#test/http/walk.ts';

const DAY = 86_400_000;
let app: TestApp;
let owner: Person;
let ben: Person;
let post: WalkPost;

beforeEach(async () => {
  app = await createTestApp({
    settings: { mode: 'community', registration: 'open' },
    config: { mail: { url: 'smtp://127.0.0.1:1', from: 'photos@example.org' } },
  });
  owner = await app.person('ada', 'owner');
  ben = await app.person('ben');
  post = await publishPhoto(app, ben, 'public');
});
afterEach(() => app.close());

const dayAhead = (days: number) =>
  new Date(app.clock.now() + days * DAY).toISOString().slice(0, 10);
const announce = (
  how: Partial<Record<'closes' | 'message' | 'password', string>> = {},
  as = owner,
) =>
  app.request('/admin/closing', {
    as,
    form: { closes: dayAhead(40), message: 'It was <b>good</b>.', password: PASSWORD, ...how },
  });
const letters = () =>
  app.ctx.db
    .query<{ payload: string }, []>("SELECT payload FROM jobs WHERE kind = 'mail.send' ORDER BY id")
    .all()
    .map(({ payload }) => JSON.parse(payload) as { to: string; subject: string; text: string });
const forgetLetters = () => app.ctx.db.run("DELETE FROM jobs WHERE kind = 'mail.send'");
const page = async (path: string, as?: Person) =>
  (await app.request(path, as ? { as } : {})).text();

test('the announcement is on every page and in apps, and nobody can join any more', async () => {
  expect((await app.request('/join/open')).status).toBe(200);
  expect((await announce()).status).toBe(303);
  for (const html of [await page('/'), await page('/@ben', ben), await page('/about')]) {
    expect(html).toContain('This place closes on');
    expect(html).toContain('It was &lt;b>good&lt;/b>.');
  }
  const news = await app.request('/api/v1/announcements', { token: ben.token });
  expect(await news.json()).toMatchObject([
    { content: expect.stringContaining('It was &lt;b&gt;good&lt;/b&gt;.'), all_day: true },
  ]);
  const instance = await (await app.request('/api/v2/instance')).json();
  expect(instance).toMatchObject({ registrations: { enabled: false } });
  expect((await app.request('/join/open')).status).toBe(403);
});

test('only the owner announces, with the password and a day that leaves time', async () => {
  const admin = await app.person('eve', 'admin');
  expect((await announce({}, admin)).status).toBe(403);
  expect((await announce({ password: 'wrong' })).status).toBe(422);
  for (const closes of ['', dayAhead(3), dayAhead(900), '2026-99-99']) {
    const refused = await announce({ closes });
    expect([closes, refused.status]).toEqual([closes, 422]);
  }
  expect(await page('/')).not.toContain('This place closes');
  expect((await app.request('/admin/closing', { as: ben })).status).toBe(403);
});

test('letters go out with the announcement and at each step, once, whatever was missed', async () => {
  await announce();
  const tend = () => app.app.cron.run('closing.tend');
  expect(await tend()).toBe('2 letters, 2 archives');
  expect(letters()[1]?.text).toContain('/settings/archive');
  expect(letters()[1]?.subject).toMatch(/closes on \d{4}-\d{2}-\d{2}$/);
  expect(await tend()).toBe('0 letters, 0 archives');
  for (const [days, expected] of [
    [5, '0 letters'],
    [10, '2 letters'],
    [1, '0 letters'],
    [24, '2 letters'],
    [3, '2 letters'],
    [1, '0 letters'],
  ] as const) {
    forgetLetters();
    app.clock.advance(days * DAY);
    expect([days, (await tend()).split(',')[0]]).toEqual([days, expected]);
  }
});

test('after the day nothing new is published, and all else goes on until the server stops', async () => {
  await announce();
  app.clock.advance(41 * DAY);
  const refused = await app.request('/api/v1/statuses', {
    token: ben.token,
    json: { status: 'x' },
  });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ error: expect.stringContaining('has closed') });
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array([1, 2, 3])]), 'a.jpg');
  expect((await app.request('/api/v2/media', { token: ben.token, body: form })).status).toBe(409);
  expect(await page(`/@ben/${post.id}`)).toContain(post.words);
  expect(await page('/settings/account', ben)).toContain('This place closed on');
  const remove = await app.request(`/api/v1/statuses/${post.id}`, {
    method: 'DELETE',
    token: ben.token,
  });
  expect(remove.status).toBe(200);
});

test('what was announced can be changed and taken back', async () => {
  await announce();
  await app.app.cron.run('closing.tend');
  forgetLetters();
  await announce({ closes: dayAhead(60) });
  expect(await app.app.cron.run('closing.tend')).toStartWith('2 letters');
  expect((await app.request('/admin/closing/call-off', { as: owner, form: {} })).status).toBe(303);
  expect(await page('/')).not.toContain('This place closes');
  const instance = await (await app.request('/api/v2/instance')).json();
  expect(instance).toMatchObject({ registrations: { enabled: true } });
});

test('the page makes a copy of what is public and says where it lies', async () => {
  expect(await page('/admin/closing', owner)).toContain('Make the copy');
  expect((await app.request('/admin/closing/copy', { as: owner, form: {} })).status).toBe(303);
  expect(await page('/admin/closing', owner)).toContain('being made');
  await app.settle();
  const folder = join(app.ctx.files.root, 'site-copy');
  expect(readFileSync(join(folder, `@ben/${post.id}/index.html`), 'utf8')).toContain(post.words);
  expect(await page('/admin/closing', owner)).toContain(folder);
  await app.request('/admin/closing/copy', { as: owner, form: {} });
  await app.settle();
  expect(existsSync(join(folder, 'index.html'))).toBe(true);
  expect(existsSync(`${folder}-new`)).toBe(false);
});

test('everybody gets an archive when the end is announced, and a last one after the day', async () => {
  await announce();
  await app.settle();
  const ready = () =>
    app.ctx.db
      .query<{ n: number; until: number }, []>(
        `SELECT count(*) AS n, min(expires_at) AS until FROM exports WHERE state = 'done'`,
      )
      .get();
  expect(ready()).toMatchObject({ n: 2 });
  // They can be fetched for a month after the last day.
  expect(ready()?.until).toBeGreaterThan(app.clock.now() + 69 * DAY);
  expect(await page('/admin/closing', owner)).toContain('archive is ready');
  app.clock.advance(41 * DAY);
  expect(await app.app.cron.run('closing.tend')).toContain('2 archives');
  await app.settle();
  // The last one stands in the place of the first.
  expect(ready()).toMatchObject({ n: 2 });
  expect(await app.app.cron.run('closing.tend')).toContain('0 archives');
});
