import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { followMoved } from '#domain/membership/follow-moved.ts';
import { likePost } from '#domain/posts/like.ts';
import { confirmFollow } from '#domain/relationships/confirm-follow.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { readRelationships } from '#domain/relationships/reading.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import type { RelationshipJson } from '#doors/entities/relationship.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { person, receive } from '#test/posts/elsewhere.ts';
import { countStatements, post } from '#test/posts/world.ts';
import { openCommunity } from './community.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
let cid: Person;
beforeAll(async () => {
  ({ app, ann, bob, cid } = await openCommunity(['ann', 'bob', 'cid'], 'https://here.example'));
});
afterAll(() => app.close());
beforeEach(() => {
  for (const table of ['mutes', 'follows', 'blocks', 'hidden_domains', 'notifications', 'jobs']) {
    app.ctx.db.run(`DELETE FROM ${table}`);
  }
});

const say = async <T>(path: string, as: Person, json?: unknown, method?: string): Promise<T> => {
  const how = { token: as.token, ...(json === undefined ? {} : { json }) };
  const answer = await app.request(path, method === undefined ? how : { ...how, method });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
};
const relation = async (as: Person, id: number): Promise<RelationshipJson | undefined> =>
  (await say<RelationshipJson[]>(`/api/v1/accounts/relationships?id[]=${id}`, as))[0];
const act = (as: Person, id: number, what: string, json: unknown = {}) =>
  say<RelationshipJson>(`/api/v1/accounts/${id}/${what}`, as, json);
const ids = async (path: string, as: Person): Promise<string[]> =>
  (await say<StatusJson[]>(path, as)).map((each) => each.id);
const told = (of: Person): string[] =>
  app.ctx.db
    .query<{ type: string }, { id: number }>(
      'SELECT type FROM notifications WHERE account_id = $id ORDER BY id',
    )
    .all({ id: of.viewer.id })
    .map((row) => row.type);
const jobs = (): string[] =>
  app.ctx.db
    .query<{ payload: string }, []>(
      `SELECT payload FROM jobs WHERE kind = 'federation.distribute' ORDER BY id`,
    )
    .all()
    .map((row) => (JSON.parse(row.payload) as { what: string }).what);
const row = (id: number): AccountRow => {
  const found = findAccount(app.ctx.db, id);
  if (!found) throw new Error('gone');
  return found;
};

describe('muting', () => {
  test('takes somebody out of the timelines and the notifications, and gives them back', async () => {
    followAccount(app.ctx, ann.viewer, bob.viewer.id);
    const { id } = post(app.ctx, bob.viewer, { caption: 'See #boats' });
    const lists = ['home', 'public', 'tag/boats'].map((list) => `/api/v1/timelines/${list}`);
    for (const list of lists) expect(await ids(list, ann)).toContain(String(id));
    const muted = await act(ann, bob.viewer.id, 'mute');
    expect(muted).toMatchObject({ muting: true, muting_notifications: true, following: true });
    for (const list of lists) expect(await ids(list, ann)).not.toContain(String(id));
    for (const list of lists.slice(1)) expect(await ids(list, cid)).toContain(String(id));
    // It is still there by its address, and on its author's profile.
    expect((await app.request(`/api/v1/statuses/${id}`, { token: ann.token })).status).toBe(200);
    expect(await ids(`/api/v1/accounts/${bob.viewer.id}/statuses`, ann)).toContain(String(id));
    const mine = post(app.ctx, ann.viewer);
    likePost(app.ctx, bob.viewer.id, mine.id);
    expect(told(ann)).toEqual([]);
    const mutes = await say<{ id: string; mute_expires_at: null }[]>('/api/v1/mutes', ann);
    expect(mutes).toMatchObject([{ id: String(bob.viewer.id), mute_expires_at: null }]);
    expect(await act(ann, bob.viewer.id, 'unmute')).toMatchObject({ muting: false });
    for (const list of lists) expect(await ids(list, ann)).toContain(String(id));
  });

  test('without notifications lets what they do be told', async () => {
    await act(ann, bob.viewer.id, 'mute', { notifications: false });
    expect(await relation(ann, bob.viewer.id)).toMatchObject({
      muting: true,
      muting_notifications: false,
    });
    likePost(app.ctx, bob.viewer.id, post(app.ctx, ann.viewer).id);
    expect(told(ann)).toEqual(['favourite']);
  });

  test('for a while ends by itself, and a renewed one when the last time is over', async () => {
    followAccount(app.ctx, ann.viewer, bob.viewer.id);
    const { id } = post(app.ctx, bob.viewer);
    const short = await act(ann, bob.viewer.id, 'mute', { duration: 300 });
    const left = Date.parse(short.muting_expires_at ?? '') - app.clock.now();
    expect(Math.abs(left - 300_000)).toBeLessThan(5000);
    await act(ann, bob.viewer.id, 'mute', { duration: '600' });
    app.clock.advance(301_000);
    await app.settle();
    expect(await relation(ann, bob.viewer.id)).toMatchObject({ muting: true });
    expect(await ids('/api/v1/timelines/home', ann)).not.toContain(String(id));
    app.clock.advance(300_000);
    await app.settle();
    expect(await relation(ann, bob.viewer.id)).toMatchObject({
      muting: false,
      muting_expires_at: null,
    });
    expect(await ids('/api/v1/timelines/home', ann)).toContain(String(id));
  });

  test('refuses oneself, nobody and lengths that are none', async () => {
    const ask = (id: number, json: unknown) =>
      app.request(`/api/v1/accounts/${id}/mute`, { token: ann.token, json });
    expect((await ask(ann.viewer.id, {})).status).toBe(422);
    expect((await ask(99, {})).status).toBe(404);
    for (const duration of ['soon', -1, 1.5, 1e12]) {
      expect((await ask(bob.viewer.id, { duration })).status).toBe(422);
    }
  });

  test('T112: whom one mutes, hides or notes hears of it by nothing at all', async () => {
    const far = person(app.ctx, 'far');
    const mine = post(app.ctx, ann.viewer);
    const look = async () => {
      const answers = await Promise.all(
        [
          `/api/v1/accounts/${ann.viewer.id}`,
          `/api/v1/accounts/${ann.viewer.id}/statuses`,
          `/api/v1/accounts/relationships?id[]=${ann.viewer.id}`,
          `/api/v1/statuses/${mine.id}`,
          '/api/v1/timelines/public',
        ].map((path) => app.request(path, { token: bob.token })),
      );
      const like = await app.request(`/api/v1/statuses/${mine.id}/favourite`, {
        token: bob.token,
        json: {},
      });
      await app.request(`/api/v1/statuses/${mine.id}/unfavourite`, { token: bob.token, json: {} });
      const all = [...answers, like];
      return Promise.all(all.map(async (answer) => [answer.status, await answer.text()]));
    };
    const before = await look();
    app.ctx.db.run('DELETE FROM jobs');
    await act(ann, bob.viewer.id, 'mute');
    await act(ann, bob.viewer.id, 'note', { comment: 'never again' });
    await act(ann, far.id, 'mute');
    await act(ann, far.id, 'note', { comment: 'nor this one' });
    expect(await look()).toEqual(before);
    expect(jobs()).toEqual([]);
  });
});

describe('a follow', () => {
  test('keeps what the follower wants of it, and changes it when asked again', async () => {
    const before = row(bob.viewer.id).followersCount;
    const first = await act(ann, bob.viewer.id, 'follow');
    expect(first).toMatchObject({ following: true, showing_reblogs: true, notifying: false });
    const wishes = { reblogs: 'false', notify: true, languages: ['de'] };
    const second = await act(ann, bob.viewer.id, 'follow', wishes);
    expect(second).toMatchObject({ following: true, showing_reblogs: false, notifying: true });
    // What is not said stays.
    expect(await act(ann, bob.viewer.id, 'follow')).toMatchObject({
      showing_reblogs: false,
      notifying: true,
    });
    expect(row(bob.viewer.id).followersCount).toBe(before + 1);
    await act(ann, bob.viewer.id, 'unfollow');
  });

  test('with notify tells of new posts, not of comments or of what is not for followers', async () => {
    await act(ann, bob.viewer.id, 'follow', { notify: true });
    await act(cid, bob.viewer.id, 'follow');
    const { id } = post(app.ctx, bob.viewer);
    post(app.ctx, bob.viewer, { visibility: 'self' });
    post(app.ctx, bob.viewer, { inReplyToId: id });
    expect(told(ann)).toEqual(['status']);
    expect(told(cid)).toEqual([]);
  });

  test('with notify tells of new posts of other servers, but not of old ones', async () => {
    const far = person(app.ctx, 'news');
    followAccount(app.ctx, ann.viewer, far.id, { notify: true });
    confirmFollow(app.ctx, ann.viewer.id, far.id);
    receive(app.ctx, far, { publishedAt: app.clock.now() - 3 * 86_400_000 });
    expect(told(ann)).toEqual([]);
    receive(app.ctx, far, { publishedAt: app.clock.now() - 1000 });
    expect(told(ann)).toEqual(['status']);
  });

  test('keeps its wishes and its lists when the followed account moves', async () => {
    const [old, next] = [person(app.ctx, 'old'), person(app.ctx, 'next')];
    followAccount(app.ctx, ann.viewer, old.id, { reblogs: false, notify: true });
    confirmFollow(app.ctx, ann.viewer.id, old.id);
    const list = await say<{ id: string }>('/api/v1/lists', ann, { title: 'Movers' });
    await say(`/api/v1/lists/${list.id}/accounts`, ann, { account_ids: [String(old.id)] });
    expect(followMoved(app.ctx, old.id, next.id)).toEqual([ann.viewer.id]);
    expect(await relation(ann, next.id)).toMatchObject({ requested: true });
    confirmFollow(app.ctx, ann.viewer.id, next.id);
    expect(await relation(ann, next.id)).toMatchObject({
      showing_reblogs: false,
      notifying: true,
    });
    expect(await ids(`/api/v1/lists/${list.id}/accounts`, ann)).toEqual([String(next.id)]);
  });

  test('without boosts leaves them out of the home timeline', async () => {
    await act(ann, bob.viewer.id, 'follow');
    const far = post(app.ctx, cid.viewer);
    const boost = await say<StatusJson>(`/api/v1/statuses/${far.id}/reblog`, bob, {});
    expect(await ids('/api/v1/timelines/home', ann)).toContain(boost.id);
    await act(ann, bob.viewer.id, 'follow', { reblogs: false });
    expect(await ids('/api/v1/timelines/home', ann)).not.toContain(boost.id);
  });

  test('T112: is refused with one answer for a block and for a server out of reach', async () => {
    await act(bob, ann.viewer.id, 'block');
    const far = person(app.ctx, 'hidden', { domain: 'hidden.example' });
    await say('/api/v1/domain_blocks', ann, { domain: 'hidden.example' });
    const refuse = async (id: number) => {
      const answer = await app.request(`/api/v1/accounts/${id}/follow`, {
        token: ann.token,
        json: {},
      });
      return [answer.status, await answer.text()];
    };
    const refused = await refuse(bob.viewer.id);
    expect(refused[0]).toBe(422);
    expect(await refuse(far.id)).toEqual(refused);
  });
});

describe('a relationship', () => {
  test('is told truly in every field, in as many statements for one as for many', async () => {
    const far = person(app.ctx, 'rel', { domain: 'rel.example' });
    await act(ann, bob.viewer.id, 'follow', { notify: true });
    await act(bob, ann.viewer.id, 'follow');
    await act(ann, bob.viewer.id, 'note', { comment: 'met in Porto' });
    await act(ann, cid.viewer.id, 'block');
    await say('/api/v1/domain_blocks', ann, { domain: 'REL.example' });
    const asked = [bob, cid].map((each) => `id[]=${each.viewer.id}`).join('&');
    const path = `/api/v1/accounts/relationships?${asked}&id[]=${far.id}&id[]=77`;
    const found = await say<RelationshipJson[]>(path, ann);
    expect(found).toMatchObject([
      {
        id: String(bob.viewer.id),
        following: true,
        followed_by: true,
        notifying: true,
        showing_reblogs: true,
        note: 'met in Porto',
        domain_blocking: false,
        blocking: false,
        muting: false,
        endorsed: false,
        languages: null,
      },
      { id: String(cid.viewer.id), blocking: true, domain_blocking: false, note: '' },
      { id: String(far.id), domain_blocking: true, blocking: false },
    ]);
    // The other side knows nothing of it.
    expect(await relation(bob, ann.viewer.id)).toMatchObject({ note: '', notifying: false });
    expect(await act(ann, bob.viewer.id, 'note', {})).toMatchObject({ note: '' });
    const count = (list: number[]) =>
      countStatements(app.ctx, () => readRelationships(app.ctx.db, ann.viewer.id, list));
    expect(count([bob.viewer.id, cid.viewer.id, far.id, 77])).toBe(count([bob.viewer.id]));
  });

  test('notes are at most 2000 characters', async () => {
    const comment = 'x'.repeat(2001);
    const answer = await app.request(`/api/v1/accounts/${bob.viewer.id}/note`, {
      token: ann.token,
      json: { comment },
    });
    expect(answer.status).toBe(422);
  });

  test('somebody is removed from the followers', async () => {
    await act(bob, ann.viewer.id, 'follow');
    const after = await act(ann, bob.viewer.id, 'remove_from_followers');
    expect(after).toMatchObject({ followed_by: false });
  });
});

describe('a hidden server', () => {
  test('ends follows in both directions, tells its server that alone, and is in no list', async () => {
    const far = person(app.ctx, 'zoe', { domain: 'zoo.example' });
    followAccount(app.ctx, ann.viewer, far.id);
    confirmFollow(app.ctx, ann.viewer.id, far.id);
    receiveFollow(app.ctx, far, row(ann.viewer.id), 'https://zoo.example/follows/1');
    const there = receive(app.ctx, far, { publishedAt: app.clock.now() - 1000 });
    expect(await ids('/api/v1/timelines/home', ann)).toContain(String(there));
    expect(told(ann)).toContain('follow');
    app.ctx.db.run('DELETE FROM jobs');
    await say('/api/v1/domain_blocks', ann, { domain: 'https://ZOO.example/about' });
    expect(jobs().sort()).toEqual(['reject', 'unfollow']);
    for (const list of ['home', 'public']) {
      expect(await ids(`/api/v1/timelines/${list}`, ann)).not.toContain(String(there));
    }
    expect(await ids('/api/v1/timelines/public', bob)).toContain(String(there));
    expect(told(ann)).toEqual([]);
    expect(await relation(ann, far.id)).toMatchObject({
      following: false,
      followed_by: false,
      domain_blocking: true,
    });
    expect(await say<string[]>('/api/v1/domain_blocks', ann)).toEqual(['zoo.example']);
    expect(await say<string[]>('/api/v1/domain_blocks', bob)).toEqual([]);
    // Who asks now is refused.
    expect(receiveFollow(app.ctx, far, row(ann.viewer.id), 'https://zoo.example/2')).toBeNull();
    likePost(app.ctx, far.id, post(app.ctx, ann.viewer).id);
    expect(told(ann)).toEqual([]);
  });

  test('is shown again by a query as well as by a body', async () => {
    for (const domain of ['one.example', 'two.example']) {
      await say('/api/v1/domain_blocks', ann, { domain });
    }
    await say('/api/v1/domain_blocks?domain=one.example', ann, undefined, 'DELETE');
    expect(await say<string[]>('/api/v1/domain_blocks', ann)).toEqual(['two.example']);
    await say('/api/v1/domain_blocks', ann, { domain: 'two.example' }, 'DELETE');
    expect(await say<string[]>('/api/v1/domain_blocks', ann)).toEqual([]);
  });

  test('is a domain, and not our own', async () => {
    for (const domain of ['', 'no domain', 'here.example', 'a@b.example']) {
      const answer = await app.request('/api/v1/domain_blocks', {
        token: ann.token,
        json: { domain },
      });
      expect(answer.status).toBe(422);
    }
  });
});
