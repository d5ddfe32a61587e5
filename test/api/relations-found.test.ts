import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { confirmFollow } from '#domain/relationships/confirm-follow.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { person } from '#test/posts/elsewhere.ts';
import { post } from '#test/posts/world.ts';
import { openCommunity } from './community.ts';

type Suggestion = { source: string; sources: string[]; account: AccountJson };
type Familiar = { id: string; accounts: AccountJson[] };

let app: TestApp;
let ann: Person;
let bob: Person;
let cid: Person;
let dan: Person;
let eve: Person;
beforeAll(async () => {
  ({ app, ann, bob, cid, dan, eve } = await openCommunity(
    ['ann', 'bob', 'cid', 'dan', 'eve'],
    'https://here.example',
  ));
  const follow = (one: Person, other: Person) =>
    followAccount(app.ctx, one.viewer, other.viewer.id);
  follow(ann, bob);
  follow(bob, cid);
  follow(bob, dan);
  follow(cid, dan);
  follow(eve, dan);
});
afterAll(() => app.close());

const send = (path: string, as: Person | null, json?: unknown, method = json ? 'POST' : 'GET') =>
  app.request(path, {
    method,
    ...(as ? { token: as.token } : {}),
    ...(json === undefined ? {} : { json }),
  });
const say = async <T>(path: string, as: Person | null, json?: unknown, method?: string) => {
  const answer = await send(path, as, json, method);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
};
const names = (list: AccountJson[]) => list.map((account) => account.acct);
const set = (who: { viewer: { id: number } }, column: string, value: number) =>
  app.ctx.db.run(`UPDATE accounts SET ${column} = ${value} WHERE id = ${who.viewer.id}`);

describe('suggestions', () => {
  const suggested = async () =>
    (await say<Suggestion[]>('/api/v2/suggestions', ann)).map(({ account }) => account.acct);

  test('are whom one’s own people follow, then who has most followers, and say why', async () => {
    const list = await say<Suggestion[]>('/api/v2/suggestions', ann);
    expect(list.map(({ account }) => account.acct)).toEqual(['dan', 'cid', 'eve']);
    expect(list.map(({ sources }) => sources)).toEqual([
      ['friends_of_friends'],
      ['friends_of_friends'],
      ['most_followed'],
    ]);
    const old = await say<AccountJson[]>('/api/v1/suggestions?limit=2', ann);
    expect(names(old)).toEqual(['dan', 'cid']);
  });

  test('leave out who does not want to be found, whom one muted, blocked or waved away', async () => {
    set(dan, 'discoverable', 0);
    expect(await suggested()).toEqual(['cid', 'eve']);
    set(dan, 'discoverable', 1);
    await say(`/api/v1/accounts/${cid.viewer.id}/mute`, ann, {});
    await say(`/api/v1/accounts/${eve.viewer.id}/block`, ann, {});
    expect(await suggested()).toEqual(['dan']);
    await say(`/api/v1/accounts/${cid.viewer.id}/unmute`, ann, {});
    await say(`/api/v1/accounts/${eve.viewer.id}/unblock`, ann, {});
    expect(
      await say<object>(`/api/v1/suggestions/${dan.viewer.id}`, ann, undefined, 'DELETE'),
    ).toEqual({});
    expect(await suggested()).toEqual(['cid', 'eve']);
    const others = await say<Suggestion[]>('/api/v2/suggestions', eve);
    expect(others.map(({ account }) => account.acct)).not.toContain('dan');
    app.ctx.db.run('DELETE FROM hidden_suggestions');
    expect((await send('/api/v1/suggestions/9', ann, undefined, 'DELETE')).status).toBe(404);
  });

  test('tell nothing of whom somebody follows who keeps that to themselves', async () => {
    set(bob, 'hide_collections', 1);
    const list = await say<Suggestion[]>('/api/v2/suggestions', ann);
    expect(list.flatMap(({ sources }) => sources)).not.toContain('friends_of_friends');
    set(bob, 'hide_collections', 0);
  });
});

describe('familiar followers', () => {
  const read = async (as: Person, ...ids: (Person | number)[]) => {
    const asked = ids.map((each) => `id[]=${typeof each === 'number' ? each : each.viewer.id}`);
    const path = `/api/v1/accounts/familiar_followers?${asked.join('&')}`;
    return (await say<Familiar[]>(path, as)).map(({ accounts }) => names(accounts));
  };

  test('are told for every id that is asked for', async () => {
    expect(await read(ann, dan, cid, eve, 77)).toEqual([['bob'], ['bob'], [], []]);
    expect(await read(ann)).toEqual([]);
  });

  test('say nothing that either side keeps to themselves', async () => {
    set(dan, 'hide_collections', 1);
    expect(await read(ann, dan, cid)).toEqual([[], ['bob']]);
    set(dan, 'hide_collections', 0);
    set(bob, 'hide_collections', 1);
    expect(await read(ann, dan, cid)).toEqual([[], []]);
    set(bob, 'hide_collections', 0);
  });
});

describe('the directory', () => {
  const read = async (query = '', as: Person | null = null) =>
    names(await say<AccountJson[]>(`/api/v1/directory${query}`, as));

  test('has who wants to be found, by last post or by arrival, and nobody of elsewhere for strangers', async () => {
    person(app.ctx, 'far');
    post(app.ctx, cid.viewer);
    app.clock.advance(1000);
    post(app.ctx, bob.viewer);
    set(eve, 'discoverable', 0);
    expect((await read()).slice(0, 2)).toEqual(['bob', 'cid']);
    expect(await read()).not.toContain('eve');
    expect(await read()).not.toContain('far@far.example');
    expect(await read('', ann)).toContain('far@far.example');
    expect(await read('?local=true', ann)).not.toContain('far@far.example');
    expect((await read('?order=new'))[0]).toBe('dan');
    const all = await read('?order=new');
    expect(await read('?order=new&limit=2&offset=1')).toEqual(all.slice(1, 3));
    expect(await read('?offset=-5&limit=x')).toEqual(await read());
    await say(`/api/v1/accounts/${cid.viewer.id}/mute`, ann, {});
    expect(await read('', ann)).not.toContain('cid');
    expect(await read('', bob)).toContain('cid');
    await say(`/api/v1/accounts/${cid.viewer.id}/unmute`, ann, {});
    set(eve, 'discoverable', 1);
  });
});

test('endorsements are none, and cannot be made', async () => {
  expect(await say<[]>('/api/v1/endorsements', ann)).toEqual([]);
  expect(await say<[]>(`/api/v1/accounts/${bob.viewer.id}/endorsements`, null)).toEqual([]);
  expect((await send('/api/v1/accounts/9/endorsements', null)).status).toBe(404);
  expect((await send(`/api/v1/accounts/${bob.viewer.id}/endorse`, ann, {})).status).toBe(404);
});

test('followers and followed of others leave out blocks and hidden servers of who asks', async () => {
  const far = person(app.ctx, 'fan', { domain: 'fans.example' });
  followAccount(app.ctx, dan.viewer, far.id);
  confirmFollow(app.ctx, dan.viewer.id, far.id);
  const path = `/api/v1/accounts/${dan.viewer.id}`;
  expect(names(await say<AccountJson[]>(`${path}/following`, ann))).toEqual(['fan@fans.example']);
  await say('/api/v1/domain_blocks', ann, { domain: 'fans.example' });
  await say(`/api/v1/accounts/${eve.viewer.id}/block`, ann, {});
  expect(names(await say<AccountJson[]>(`${path}/following`, ann))).toEqual([]);
  expect(names(await say<AccountJson[]>(`${path}/followers`, ann))).not.toContain('eve');
  expect(names(await say<AccountJson[]>(`${path}/followers`, bob))).toContain('eve');
});
