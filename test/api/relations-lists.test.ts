import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { sharePost } from '#domain/posts/share.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';
import { openCommunity } from './community.ts';

type ListJson = { id: string; title: string; replies_policy: string; exclusive: boolean };

let app: TestApp;
let ann: Person;
let bob: Person;
let cid: Person;
let dan: Person;
beforeAll(async () => {
  ({ app, ann, bob, cid, dan } = await openCommunity(['ann', 'bob', 'cid', 'dan']));
  for (const each of [bob, cid]) followAccount(app.ctx, ann.viewer, each.viewer.id);
});
afterAll(() => app.close());

const send = (path: string, as: Person, method: string, json?: unknown) =>
  app.request(path, { token: as.token, method, ...(json === undefined ? {} : { json }) });
const say = async <T>(path: string, as: Person, method = 'GET', json?: unknown): Promise<T> => {
  const answer = await send(path, as, method, json);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
};
const make = (title: string, more: Record<string, unknown> = {}) =>
  say<ListJson>('/api/v1/lists', ann, 'POST', { title, ...more });
const put = (list: ListJson, ...people: Person[]) =>
  say(`/api/v1/lists/${list.id}/accounts`, ann, 'POST', {
    account_ids: people.map((each) => String(each.viewer.id)),
  });
const ids = async (path: string): Promise<string[]> =>
  (await say<{ id: string }[]>(path, ann)).map((each) => each.id);
const home = () => ids('/api/v1/timelines/home?limit=40');

describe('lists', () => {
  test('are made, read, changed in part and removed', async () => {
    const list = await make(' Friends ');
    expect(list).toEqual({
      id: expect.stringMatching(/^\d+$/),
      title: 'Friends',
      replies_policy: 'list',
      exclusive: false,
    });
    expect(await say<ListJson[]>('/api/v1/lists', ann)).toEqual([list]);
    const changed = await say<ListJson>(`/api/v1/lists/${list.id}`, ann, 'PUT', {
      replies_policy: 'none',
      exclusive: 'true',
    });
    expect(changed).toEqual({ ...list, replies_policy: 'none', exclusive: true });
    expect(await say<ListJson>(`/api/v1/lists/${list.id}`, ann)).toEqual(changed);
    expect(await say<object>(`/api/v1/lists/${list.id}`, ann, 'DELETE')).toEqual({});
    expect(await say<ListJson[]>('/api/v1/lists', ann)).toEqual([]);
    expect((await send(`/api/v1/lists/${list.id}`, ann, 'GET')).status).toBe(404);
  });

  test('want a title and a policy that exists', async () => {
    for (const json of [
      {},
      { title: ' ' },
      { title: 'x'.repeat(256) },
      { title: 'a', replies_policy: 'all' },
    ]) {
      expect((await send('/api/v1/lists', ann, 'POST', json)).status).toBe(422);
    }
  });

  test('take only people whom their owner follows, all or none, and lose who is followed no more', async () => {
    const list = await make('Two');
    await put(list, bob, cid, cid);
    const some = await send(`/api/v1/lists/${list.id}/accounts`, ann, 'POST', {
      account_ids: [dan.viewer.id],
    });
    expect(some.status).toBe(404);
    const members = `/api/v1/lists/${list.id}/accounts`;
    expect((await ids(members)).sort()).toEqual(
      [bob, cid].map((each) => String(each.viewer.id)).sort(),
    );
    expect(await ids(`/api/v1/accounts/${bob.viewer.id}/lists`)).toEqual([list.id]);
    await say(members, ann, 'DELETE', { account_ids: [String(cid.viewer.id)] });
    expect(await ids(members)).toEqual([String(bob.viewer.id)]);
    unfollowAccount(app.ctx, ann.viewer, bob.viewer.id);
    expect(await ids(members)).toEqual([]);
    followAccount(app.ctx, ann.viewer, bob.viewer.id);
    expect(await ids(members)).toEqual([]);
    await say(`/api/v1/lists/${list.id}`, ann, 'DELETE');
  });

  test('show what their people post and boost, and which comments their policy says', async () => {
    const list = await make('Bob alone');
    await put(list, bob);
    const mine = post(app.ctx, bob.viewer);
    const closed = post(app.ctx, bob.viewer, { visibility: 'followers' });
    const other = post(app.ctx, cid.viewer);
    const far = post(app.ctx, dan.viewer);
    const boost = sharePost(app.ctx, bob.viewer.id, far.id)?.shareId ?? 0;
    const reply = (to: number) => post(app.ctx, bob.viewer, { inReplyToId: to }).id;
    const comments = { own: reply(mine.id), followed: reply(other.id), far: reply(far.id) };
    const all = { mine: mine.id, closed: closed.id, boost, ...comments };
    const seen = async (policy: string) => {
      await say(`/api/v1/lists/${list.id}`, ann, 'PUT', { replies_policy: policy });
      const found = await ids(`/api/v1/timelines/list/${list.id}`);
      expect(found).toEqual([...found].sort((a, b) => Number(b) - Number(a)));
      return Object.entries(all)
        .filter(([, id]) => found.includes(String(id)))
        .map(([name]) => name);
    };
    expect(await seen('none')).toEqual(['mine', 'closed', 'boost']);
    expect(await seen('list')).toEqual(['mine', 'closed', 'boost', 'own']);
    expect(await seen('followed')).toEqual(['mine', 'closed', 'boost', 'own', 'followed']);
    await say(`/api/v1/accounts/${bob.viewer.id}/mute`, ann, 'POST', {});
    expect(await ids(`/api/v1/timelines/list/${list.id}`)).toEqual([]);
    await say(`/api/v1/accounts/${bob.viewer.id}/unmute`, ann, 'POST', {});
    await say(`/api/v1/lists/${list.id}`, ann, 'DELETE');
  });

  test('that are exclusive keep their people out of the home timeline, boosted by others too', async () => {
    const { id } = post(app.ctx, bob.viewer);
    const boost = sharePost(app.ctx, cid.viewer.id, id)?.shareId ?? 0;
    expect(await home()).toContain(String(id));
    const list = await make('Apart', { exclusive: true });
    await put(list, bob);
    const now = await home();
    expect(now).not.toContain(String(id));
    expect(now).not.toContain(String(boost));
    expect(await ids(`/api/v1/timelines/list/${list.id}`)).toContain(String(id));
    await say(`/api/v1/lists/${list.id}`, ann, 'PUT', { exclusive: false });
    expect(await home()).toContain(String(id));
    await say(`/api/v1/lists/${list.id}`, ann, 'DELETE');
  });

  test('T97: of others are not there, on any route', async () => {
    const list = await make('Mine');
    await put(list, bob);
    const id = list.id;
    const people = { account_ids: [String(ann.viewer.id)] };
    followAccount(app.ctx, cid.viewer, ann.viewer.id);
    const none = await (await send('/api/v1/lists/1', cid, 'GET')).text();
    for (const [method, path, json] of [
      ['GET', `/api/v1/lists/${id}`],
      ['PUT', `/api/v1/lists/${id}`, { title: 'Stolen' }],
      ['DELETE', `/api/v1/lists/${id}`],
      ['GET', `/api/v1/lists/${id}/accounts`],
      ['POST', `/api/v1/lists/${id}/accounts`, people],
      ['DELETE', `/api/v1/lists/${id}/accounts`, people],
      ['GET', `/api/v1/timelines/list/${id}`],
    ] as const) {
      const answer = await send(path, cid, method, json);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
      expect(await answer.text()).toBe(none);
    }
    expect(await say<ListJson[]>(`/api/v1/accounts/${bob.viewer.id}/lists`, cid)).toEqual([]);
    expect(await say<ListJson>(`/api/v1/lists/${id}`, ann)).toEqual(list);
    expect(await ids(`/api/v1/lists/${id}/accounts`)).toEqual([String(bob.viewer.id)]);
  });

  test('are no N+1: a timeline asks as often for one post as for twenty', async () => {
    const list = await make('Count');
    await put(list, bob);
    for (let i = 0; i < 25; i += 1) post(app.ctx, bob.viewer);
    const read = async (limit: number) => {
      const found = await say<StatusJson[]>(
        `/api/v1/timelines/list/${list.id}?limit=${limit}`,
        ann,
      );
      expect(found.length).toBe(limit);
      const { db } = app.ctx;
      const original = db.query;
      let statements = 0;
      Object.assign(db, {
        query: (sql: string) => {
          // A look at whether anything was written reads nothing.
          if (!/^PRAGMA|total_changes/.test(sql)) statements += 1;
          return original.call(db, sql);
        },
      });
      await app.request(`/api/v1/timelines/list/${list.id}?limit=${limit}`, { token: ann.token });
      Object.assign(db, { query: original });
      return statements;
    };
    expect(await read(20)).toBe(await read(1));
  });
});
