import { afterAll, beforeAll, expect, test } from 'bun:test';
import { schedulePost } from '#domain/posts/schedule.ts';
import { listScheduled, updateProblem } from '#domain/posts/scheduled-queries.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { photo } from '#test/posts/world.ts';

const HOUR = 60 * 60_000;
const PAGE = { limit: 10, maxId: null, minId: null, sinceId: null };
let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' } });
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
});
afterAll(() => app.close());

const waiting = (person: Person) => listScheduled(app.ctx.db, person.viewer.id, PAGE);
const wait = (caption: string) =>
  schedulePost(app.ctx, ann.viewer, { caption, mediaIds: [] }, app.ctx.now() + HOUR).id;
const page = async (as: Person) => (await app.request('/scheduled', { as })).text();
const field = (time: number) => new Date(time).toISOString().slice(0, 16);

test('a time in the form of a new post is kept with all that was typed when it is too near', async () => {
  const body = new FormData();
  body.append('csrf', ann.csrf);
  body.append('media_ids', String(photo(app.ctx, ann.viewer.id)));
  for (const [name, value] of Object.entries({ caption: 'Later', visibility: 'public' })) {
    body.append(name, value);
  }
  body.append('licence', 'cc-by-4.0');
  body.append('scheduled_at', field(app.ctx.now()));
  const again = await app.request('/compose', { as: ann, body });
  expect(again.status).toBe(422);
  const shown = await again.text();
  expect(shown).toContain('at least 5 minutes from now');
  expect(shown).toContain(`name="media_ids" value="${body.get('media_ids')}"`);
  const at = Math.floor((app.ctx.now() + HOUR) / 60_000) * 60_000;
  body.set('scheduled_at', field(at));
  const sent = await app.request('/compose', { as: ann, body });
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/scheduled']);
  expect(waiting(ann)).toMatchObject([{ scheduledAt: at, problem: null }]);
  const list = await page(ann);
  expect(list).toContain('Later');
  expect(list).toContain('One photo');
  expect(list).toContain(`value="${field(at)}"`);
});

test('a waiting post gets another time or is dropped', async () => {
  const id = wait('Moved');
  const at = Math.floor((app.ctx.now() + 3 * HOUR) / 60_000) * 60_000;
  const move = (time: string) =>
    app.request(`/scheduled/${id}`, { as: ann, form: { scheduled_at: time } });
  expect((await move(new Date(at).toISOString())).status).toBe(303);
  expect(waiting(ann)[0]?.scheduledAt).toBe(at);
  for (const wrong of ['', 'soon', '2030-02-31T99:00', field(app.ctx.now()), '2999-01-01T00:00']) {
    expect((await move(wrong)).status).toBe(wrong === '' ? 303 : 422);
    expect(waiting(ann)[0]?.scheduledAt).toBe(at);
  }
  expect((await app.request(`/scheduled/${id}/delete`, { as: ann, form: {} })).status).toBe(303);
  expect(waiting(ann).map((row) => row.id)).not.toContain(id);
});

test('the words of a waiting post are changed with its time; a mistake keeps what was typed', async () => {
  const id = wait('First words');
  const save = (form: Record<string, string>) => app.request(`/scheduled/${id}`, { as: ann, form });
  expect((await save({ caption: 'Better words', spoiler: 'Spiders' })).status).toBe(303);
  const html = await page(ann);
  expect(html).toContain('>Better words</textarea>');
  expect(html).toContain('value="Spiders"');
  const refused = await save({ caption: 'Typed', spoiler: 'x'.repeat(501) });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('>Typed</textarea>');
  const empty = await save({ caption: '  ' });
  expect([empty.status, (await empty.text()).includes('write something')]).toEqual([422, true]);
  app.clock.advance(2 * HOUR);
  await app.settle();
  expect(waiting(ann).map((row) => row.id)).not.toContain(id);
  const [latest] = (await (
    await app.request(`/api/v1/accounts/${ann.viewer.id}/statuses`, { token: ann.token })
  ).json()) as { content_text: string; spoiler_text: string }[];
  expect(latest).toMatchObject({ content_text: 'Better words', spoiler_text: 'Spiders' });
});

test('a waiting post is published at once, once, and leads to its page', async () => {
  const id = wait('Right now');
  const publish = () => app.request(`/scheduled/${id}/publish`, { as: ann, form: {} });
  const sent = await publish();
  expect(sent.status).toBe(303);
  const place = sent.headers.get('location') ?? '';
  expect(await (await app.request(place, { as: ann })).text()).toContain('Right now');
  expect(waiting(ann).map((row) => row.id)).not.toContain(id);
  expect((await publish()).status).toBe(404);
  app.clock.advance(2 * HOUR);
  await app.settle();
  const html = await (await app.request('/@ann', { as: ann })).text();
  expect(html.split('Right now').length).toBeLessThanOrEqual(3);
});

test('what cannot be published at once goes on waiting', async () => {
  const mediaId = photo(app.ctx, ann.viewer.id);
  const input = { caption: 'Photo', mediaIds: [mediaId] };
  const { id } = schedulePost(app.ctx, ann.viewer, input, app.ctx.now() + HOUR);
  app.ctx.db.run('DELETE FROM media WHERE id = ?', [mediaId]);
  const answer = await app.request(`/scheduled/${id}/publish`, { as: ann, form: {} });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/scheduled']);
  expect(waiting(ann).map((row) => row.id)).toContain(id);
});

test('what could not be published says why', async () => {
  const id = wait('Stuck');
  updateProblem(app.ctx.db, id, 'The photo is <gone>.');
  expect(await page(ann)).toContain('It could not be published: The photo is &lt;gone>.');
});

test('T97: the waiting posts of somebody else are not there', async () => {
  const id = wait('Mine alone');
  expect(await page(bob)).not.toContain('Mine alone');
  const form = { scheduled_at: field(app.ctx.now() + 2 * HOUR) };
  for (const path of [
    `/scheduled/${id}`,
    `/scheduled/${id}/publish`,
    `/scheduled/${id}/delete`,
    '/scheduled/x',
  ]) {
    expect((await app.request(path, { as: bob, form })).status).toBe(404);
  }
  expect(waiting(ann).map((row) => row.id)).toContain(id);
});

test('T75: a form without the token of the page changes nothing', async () => {
  const id = wait('Guarded');
  const form = { csrf: 'wrong' };
  for (const path of [`/scheduled/${id}`, `/scheduled/${id}/publish`, `/scheduled/${id}/delete`]) {
    expect((await app.request(path, { as: ann, form })).status).toBe(403);
  }
  expect(waiting(ann).map((row) => row.id)).toContain(id);
});
