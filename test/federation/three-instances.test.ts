import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { photo } from '#test/posts/world.ts';

// Three servers, one person each. The tests are one story in order.
let a: FederatedApp;
let b: FederatedApp;
let c: FederatedApp;
let ann: Person;
let bob: Person;
let cat: Person;

beforeAll(async () => {
  const config = { rates: false };
  a = await createFederatedApp({ address: '127.0.0.1', config });
  b = await createFederatedApp({ address: '127.0.0.2', config });
  c = await createFederatedApp({ address: '127.0.0.3', config });
  ann = await a.person('ann', 'owner');
  bob = await b.person('bob', 'owner');
  cat = await c.person('cat', 'owner');
});
afterAll(async () => {
  for (const app of [a, b, c]) await app.close();
});

async function api<T = StatusJson>(
  app: FederatedApp,
  person: Person,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const response = await app.request(`/api${path}`, { token: person.token, ...options });
  const json = (await response.json()) as T;
  if (response.status !== 200)
    throw new Error(`${path}: ${response.status} ${JSON.stringify(json)}`);
  return json;
}
const post = (app: FederatedApp, person: Person, json: object) =>
  api(app, person, '/v1/statuses', { json });
const settle = () => settleAll(a, b, c);
const home = (app: FederatedApp, person: Person) =>
  api<StatusJson[]>(app, person, '/v1/timelines/home');
const context = (app: FederatedApp, person: Person, id: string) =>
  api<{ ancestors: StatusJson[]; descendants: StatusJson[] }>(
    app,
    person,
    `/v1/statuses/${id}/context`,
  );

async function find(app: FederatedApp, person: Person, handle: string): Promise<AccountJson> {
  const query = `/v2/search?resolve=true&type=accounts&q=${encodeURIComponent(handle)}`;
  const found = await api<{ accounts: AccountJson[] }>(app, person, query);
  const [account] = found.accounts;
  if (!account) throw new Error(`${handle} was not found.`);
  return account;
}

async function follow(app: FederatedApp, person: Person, handle: string): Promise<string> {
  const { id } = await find(app, person, handle);
  await api(app, person, `/v1/accounts/${id}/follow`, { method: 'POST' });
  await settle();
  const [relationship] = await api<{ following: boolean }[]>(
    app,
    person,
    `/v1/accounts/relationships?id[]=${id}`,
  );
  expect(relationship?.following).toBe(true);
  return id;
}

test('bob and cat follow ann across servers, and every side counts the same', async () => {
  await follow(b, bob, `@ann@${a.host}`);
  await follow(c, cat, `ann@${a.host}`);
  const profile = await api<AccountJson>(a, ann, `/v1/accounts/${ann.viewer.id}`);
  expect(profile.followers_count).toBe(2);
  const followers = await api<AccountJson[]>(a, ann, `/v1/accounts/${ann.viewer.id}/followers`);
  expect(followers.map(({ acct }) => acct).sort()).toEqual([`bob@${b.host}`, `cat@${c.host}`]);
});

test('a photo of ann comes to both homes with its words, alt text and blurhash, once', async () => {
  const mediaId = photo(a.ctx, ann.viewer.id, 'A boat on a lake');
  const made = await post(a, ann, {
    status: `Quiet #water with @bob@${b.host}`,
    media_ids: [String(mediaId)],
  });
  await settle();
  await settle();
  for (const [app, person] of [
    [b, bob],
    [c, cat],
  ] as const) {
    const posts = await home(app, person);
    expect(posts.map(({ uri }) => uri)).toEqual([made.uri]);
    const [got] = posts;
    expect(got?.account.acct).toBe(`ann@${a.host}`);
    expect(got?.url).toBe(made.url);
    expect(got?.media_attachments[0]).toMatchObject({
      description: 'A boat on a lake',
      blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    });
    expect(got?.media_attachments[0]?.url).toStartWith(app.origin);
    expect(got?.tags.map(({ name }) => name)).toEqual(['water']);
  }
  const [mine] = await home(b, bob);
  expect(mine?.mentions.map(({ acct }) => acct)).toEqual(['bob']);
});

test('a comment of cat reaches ann, and bob when he opens the post', async () => {
  const [there] = await home(c, cat);
  await post(c, cat, { status: 'I know that lake', in_reply_to_id: there?.id });
  await settle();
  const [mine] = await home(a, ann);
  const thread = await context(a, ann, mine?.id ?? '');
  expect(thread.descendants.map(({ account }) => account.acct)).toEqual([`cat@${c.host}`]);
  const [bobs] = await home(b, bob);
  // Looking asks ann's server, behind the answer.
  let seen = await context(b, bob, bobs?.id ?? '');
  for (let tries = 0; tries < 100 && seen.descendants.length === 0; tries += 1) {
    await Bun.sleep(20);
    await settle();
    seen = await context(b, bob, bobs?.id ?? '');
  }
  expect(seen.descendants.map(({ account }) => account.acct)).toEqual([`cat@${c.host}`]);
});

test('what is for followers comes to followers alone', async () => {
  const made = await post(a, ann, { status: 'Only for friends', visibility: 'private' });
  await settle();
  expect((await home(b, bob))[0]).toMatchObject({ uri: made.uri, visibility: 'private' });
  const stranger = await fetch(made.uri, { headers: { accept: 'application/activity+json' } });
  expect(stranger.status).toBe(404);
});

test('a boost of bob shows ann’s photo to who follows him, and is counted at home', async () => {
  await follow(c, cat, `bob@${b.host}`);
  const [, photoPost] = await home(b, bob);
  await api(b, bob, `/v1/statuses/${photoPost?.id}/reblog`, { method: 'POST' });
  await settle();
  const there = await api(a, ann, `/v1/statuses/${(await home(a, ann)).at(-1)?.id}`);
  expect(there.reblogs_count).toBe(1);
});

test('unfollowing ends the delivery, and counts go down on both sides', async () => {
  const { id } = await find(b, bob, `ann@${a.host}`);
  await api(b, bob, `/v1/accounts/${id}/unfollow`, { method: 'POST' });
  await settle();
  const before = (await home(b, bob)).length;
  await post(a, ann, { status: 'After bob has left' });
  await settle();
  expect((await home(b, bob)).length).toBeLessThanOrEqual(before);
  const profile = await api<AccountJson>(a, ann, `/v1/accounts/${ann.viewer.id}`);
  expect(profile.followers_count).toBe(1);
});

test('a deleted post goes everywhere', async () => {
  const made = await post(a, ann, { status: 'A mistake' });
  await settle();
  expect((await home(c, cat))[0]?.uri).toBe(made.uri);
  await api(a, ann, `/v1/statuses/${made.id}`, { method: 'DELETE' });
  await settle();
  expect((await home(c, cat)).map(({ uri }) => uri)).not.toContain(made.uri);
  const gone = await fetch(made.uri, { headers: { accept: 'application/activity+json' } });
  expect(gone.status).toBe(410);
  expect(await gone.json()).toMatchObject({ id: made.uri, type: 'Tombstone' });
});
