import { afterAll, beforeAll, expect, test } from 'bun:test';
import { followAccount } from '#domain/relationships/follow.ts';
import { findLists, listMemberIds } from '#domain/relationships/list-queries.ts';
import { makeList } from '#domain/relationships/lists.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

const PAGE = { limit: 10, maxId: null, minId: null, sinceId: null };
let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' } });
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
  await app.person('carl');
  followAccount(app.ctx, ann.viewer, bob.viewer.id);
});
afterAll(() => app.close());

const lists = (person: Person) => findLists(app.ctx.db, person.viewer.id);
const members = (id: number) => listMemberIds(app.ctx.db, id, PAGE);
const page = async (path: string, as: Person) => (await app.request(path, { as })).text();
const send = async (path: string, as: Person, form: Record<string, string> = {}) => {
  const response = await app.request(path, { as, form });
  expect([path, response.status]).toEqual([path, 303]);
  return response.headers.get('location') ?? '';
};
const make = (title: string) =>
  makeList(app.ctx, ann.viewer, { title, repliesPolicy: 'list', exclusive: 0 }).id;

test('a list is made, filled, read, renamed and deleted without a script', async () => {
  post(app.ctx, ann.viewer, { caption: 'My own' });
  const path = await send('/lists', ann, { title: ' Friends & <co> ', exclusive: '1' });
  const [list] = lists(ann);
  expect(list).toMatchObject({ title: 'Friends & <co>', exclusive: 1 });
  expect(path).toBe(`/lists/${list?.id}/edit`);
  const base = `/lists/${list?.id}`;
  await send(`${base}/add`, ann, { who: '@bob' });
  expect(await page(path, ann)).toContain('@bob');
  post(app.ctx, bob.viewer, { caption: 'Of the list' });
  const shown = await page(base, ann);
  expect(shown).toContain('Of the list');
  expect(shown).toContain('Friends &amp; &lt;co>');
  expect(shown).toContain(`${base}/edit`);
  expect(await page('/', ann)).not.toContain('Of the list');
  await send(`${base}/edit`, ann, { title: 'All' });
  expect(lists(ann)[0]).toMatchObject({ title: 'All', exclusive: 0 });
  expect(await page('/', ann)).toContain('Of the list');
  await send(`${base}/remove`, ann, { account: String(bob.viewer.id) });
  expect(await page(base, ann)).not.toContain('Of the list');
  expect(await send(`${base}/delete`, ann)).toBe('/lists');
  expect(lists(ann)).toEqual([]);
});

test('a list without a name is not made, and takes only people who are followed', async () => {
  await send('/lists', ann, { title: '  ' });
  await send('/lists', ann, { title: 'x'.repeat(256) });
  expect(lists(ann)).toEqual([]);
  const id = make('Strict');
  for (const who of ['carl', 'nobody', '', '@x@y@z', '@bob@elsewhere.example']) {
    await send(`/lists/${id}/add`, ann, { who });
  }
  expect(members(id)).toEqual([]);
  await send(`/lists/${id}/edit`, ann, { title: '' });
  expect(lists(ann)[0]?.title).toBe('Strict');
});

test('T97: the lists of somebody else are not there', async () => {
  const id = make('Mine alone');
  expect(await page('/lists', bob)).not.toContain('Mine alone');
  for (const path of [`/lists/${id}`, `/lists/${id}/edit`, '/lists/x', '/lists/0/edit']) {
    expect((await app.request(path, { as: bob })).status).toBe(404);
  }
  for (const act of ['edit', 'add', 'remove', 'delete']) {
    const form = { title: 'Taken', who: 'bob', account: String(bob.viewer.id) };
    const { status } = await app.request(`/lists/${id}/${act}`, { as: bob, form });
    expect([act, status]).toEqual([act, 404]);
  }
  expect(lists(ann).at(-1)).toMatchObject({ id, title: 'Mine alone' });
});

test('T75: a form without the token of the page changes nothing', async () => {
  const id = make('Guarded');
  const form = { csrf: 'wrong', title: 'Taken', who: 'bob' };
  for (const path of [
    '/lists',
    ...['edit', 'add', 'remove', 'delete'].map((a) => `/lists/${id}/${a}`),
  ]) {
    expect((await app.request(path, { as: ann, form })).status).toBe(403);
  }
  expect(members(id)).toEqual([]);
});
