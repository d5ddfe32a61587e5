import { afterEach, expect, test } from 'bun:test';
import type { RequestOptions } from '#test/harness/app.ts';
import { closeAll, createWorld, hits, note } from './remote-world.ts';

afterEach(closeAll);

type Found = {
  accounts: { acct: string; id: string }[];
  statuses: { uri: string; content: string }[];
  hashtags: { name: string; url: string }[];
};

async function searching() {
  const here = await createWorld();
  const ada = await here.app.person('ada', 'owner');
  const search = async (query: Record<string, string>, how: RequestOptions = {}) => {
    const path = `/api/v2/search?${new URLSearchParams(query)}`;
    const answer = await here.app.request(path, how);
    expect([query.q, answer.status]).toEqual([query.q, 200]);
    return (await answer.json()) as Found;
  };
  return { ...here, ada, search, member: { token: ada.token } };
}

test('a member finds people of other servers by handle and address, and then by name', async () => {
  const { search, member, bob, peer } = await searching();
  const nothing = await search({ q: `@${bob.handle}` }, member);
  expect(nothing.accounts).toEqual([]);
  expect(peer.requests.length).toBe(0);
  const found = await search({ q: `@${bob.handle}`, resolve: 'true' }, member);
  expect(found.accounts.map(({ acct }) => acct)).toEqual([bob.handle]);
  for (const q of ['bob', 'bo', bob.handle, bob.uri, `bob@${peer.host.slice(0, 6)}`]) {
    const { accounts } = await search({ q }, member);
    expect([q, ...accounts.map(({ acct }) => acct)]).toEqual([q, bob.handle]);
  }
  expect((await search({ q: 'bob', type: 'statuses' }, member)).accounts).toEqual([]);
});

test('a member finds a post of another server by its address', async () => {
  const { search, member, bob, peer } = await searching();
  const id = `${peer.origin}/posts/1`;
  peer.serve('/posts/1', note(id, bob.uri, { content: '<p>From elsewhere</p>' }));
  expect((await search({ q: id }, member)).statuses).toEqual([]);
  const { statuses } = await search({ q: id, resolve: 'true' }, member);
  expect(statuses).toMatchObject([{ uri: id }]);
  expect((await search({ q: id }, member)).statuses).toMatchObject([{ uri: id }]);
  const secret = `${peer.origin}/posts/2`;
  peer.serve('/posts/2', note(secret, bob.uri, { to: [`${bob.uri}/followers`] }));
  expect((await search({ q: secret, resolve: 'true' }, member)).statuses).toEqual([]);
});

test('strangers cause no request and see nobody of another server', async () => {
  const { search, member, bob, peer } = await searching();
  await search({ q: bob.handle, resolve: 'true' });
  await search({ q: bob.uri, resolve: 'true' });
  expect(peer.requests.length).toBe(0);
  await search({ q: bob.handle, resolve: 'true' }, member);
  const id = `${peer.origin}/posts/1`;
  peer.serve('/posts/1', note(id, bob.uri));
  await search({ q: id, resolve: 'true' }, member);
  for (const q of ['bob', bob.handle, bob.uri, id]) {
    expect(await search({ q })).toMatchObject({ accounts: [], statuses: [] });
  }
  expect((await search({ q: 'ada' })).accounts.map(({ acct }) => acct)).toEqual(['ada']);
});

test('people are found for a mention, ours first, and tags by their beginning', async () => {
  const { app, search, member, bob, peer } = await searching();
  await app.person('bobby');
  await search({ q: bob.handle, resolve: 'true' }, member);
  const answer = await app.request('/api/v1/accounts/search?q=@bob&limit=5', member);
  const people = (await answer.json()) as { acct: string }[];
  expect(people.map(({ acct }) => acct)).toEqual(['bobby', bob.handle]);
  const id = `${peer.origin}/posts/1`;
  const tag = [{ type: 'Hashtag', name: '#Sunset' }];
  peer.serve('/posts/1', note(id, bob.uri, { tag }));
  const hidden = `${peer.origin}/posts/2`;
  const to = [`${bob.uri}/followers`];
  peer.serve(
    '/posts/2',
    note(hidden, bob.uri, { to, tag: [{ type: 'Hashtag', name: '#SunSecret' }] }),
  );
  for (const q of [id, hidden]) await search({ q, resolve: 'true' }, member);
  const { hashtags } = await search({ q: '#sun', type: 'hashtags' }, member);
  expect(hashtags.map(({ name }) => name)).toEqual(['Sunset']);
});

test('T50: a member has sixty look-ups in five minutes, and what is known costs none', async () => {
  const { app, member, peer } = await searching();
  let refused = 0;
  for (let index = 0; index < 70; index += 1) {
    const q = encodeURIComponent(`nobody${index}@${peer.host}`);
    const answer = await app.request(`/api/v2/search?resolve=true&q=${q}`, member);
    if (answer.status === 429) refused += 1;
  }
  expect(refused).toBe(10);
  expect(hits(peer, '/.well-known/webfinger')).toBe(60);
});

test('a search for nothing, for too much or for hostile words is answered in a sentence', async () => {
  const { app, member } = await searching();
  for (const path of [
    '/api/v2/search',
    '/api/v2/search?q=',
    '/api/v2/search?q=%00',
    `/api/v2/search?q=${'a'.repeat(3000)}`,
  ]) {
    const answer = await app.request(path, member);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toHaveProperty('error');
  }
  for (const q of [
    "' OR 1=1 --",
    '%',
    '_',
    '\\',
    '*',
    '"',
    'NEAR(',
    '#',
    '@',
    '@@',
    'acct:',
    '🌻',
  ]) {
    const answer = await app.request(
      `/api/v2/search?resolve=true&q=${encodeURIComponent(q)}`,
      member,
    );
    expect([q, answer.status]).toEqual([q, 200]);
    expect(await answer.json()).toEqual({ accounts: [], statuses: [], hashtags: [] });
  }
});
