import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
let ids: string[];
beforeAll(async () => {
  app = await createTestApp({
    settings: { mode: 'community' },
    config: { rates: false, origin: 'https://photos.example.org' },
  });
  ann = await app.person('ann', 'owner');
  bob = await app.person('Bob');
  ids = Array.from({ length: 7 }, () => String(post(app.ctx, bob.viewer).id)).reverse();
});
afterAll(() => app.close());

async function list<T = StatusJson>(path: string, token?: string) {
  const response = await app.request(path, token === undefined ? {} : { token });
  expect(response.status).toBe(200);
  const links = new Map(
    (response.headers.get('link') ?? '').split(', ').flatMap((each) => {
      const match = /^<([^>]+)>; rel="(\w+)"$/.exec(each);
      return match ? [[match[2] ?? '', match[1] ?? ''] as const] : [];
    }),
  );
  return { json: (await response.json()) as T[], links };
}

test('following links by hand gives every post once, and ends', async () => {
  await app.request(`/api/v1/accounts/${bob.viewer.id}/follow`, {
    token: ann.token,
    method: 'POST',
  });
  const seen: string[] = [];
  let next: string | undefined = '/api/v1/timelines/home?limit=3';
  while (next !== undefined) {
    const page: { json: StatusJson[]; links: Map<string, string> } = await list(next, ann.token);
    seen.push(...page.json.map((status) => status.id));
    next = page.links.get('next');
    if (next === undefined) continue;
    expect(next).toStartWith('https://photos.example.org/api/v1/timelines/home?');
    expect(next).not.toMatch(/[,;]/);
    next = next.replace('https://photos.example.org', '');
  }
  expect(seen).toEqual(ids);
});

test('a short page has no next, an empty one no links at all', async () => {
  const path = `/api/v1/accounts/${bob.viewer.id}/statuses`;
  expect([...(await list(`${path}?limit=40`)).links.keys()]).toEqual(['prev']);
  expect([...(await list(`${path}?limit=7&only_media=true`)).links.keys()]).toEqual([
    'next',
    'prev',
  ]);
  expect((await list(`${path}?max_id=1`)).links.size).toBe(0);
  const filtered = await list(`${path}?limit=2&only_media=true`);
  expect(filtered.links.get('next')).toContain('only_media=true');
  expect((await list(`${path}?max_id=0&limit=2`)).json.map((each) => each.id)).toEqual(
    ids.slice(0, 2),
  );
  const above = await list(`${path}?min_id=${ids[6]}&limit=2`);
  expect(above.json.map((each) => each.id)).toEqual(ids.slice(4, 6));
});

test('the public timeline is for strangers too, and has no comments', async () => {
  const reply = post(app.ctx, ann.viewer, { inReplyToId: Number(ids[0]) });
  const { json } = await list('/api/v1/timelines/public?local=true');
  expect(json.map((status) => status.id)).toEqual(ids);
  expect(json.map((status) => status.id)).not.toContain(String(reply.id));
});

describe('accounts', () => {
  test('are found by name in any spelling, and by id', async () => {
    for (const acct of ['bob', '@BOB', 'bob@photos.example.org']) {
      const found = await app.request(`/api/v1/accounts/lookup?acct=${encodeURIComponent(acct)}`);
      expect(((await found.json()) as AccountJson).username).toBe('Bob');
    }
    for (const path of ['lookup?acct=nobody', 'lookup?acct=bob@elsewhere.org', '1', 'x']) {
      const missing = await app.request(`/api/v1/accounts/${path}`);
      expect([missing.status, await missing.json()]).toEqual([404, { error: 'Record not found' }]);
    }
  });

  test('follow, ask and stop', async () => {
    const act = async (name: string) => {
      const path = `/api/v1/accounts/${bob.viewer.id}/${name}`;
      const response = await app.request(path, { token: ann.token, method: 'POST' });
      return (await response.json()) as { following: boolean; requested: boolean };
    };
    expect(await act('unfollow')).toMatchObject({ following: false });
    expect(await act('follow')).toMatchObject({ following: true, requested: false });
    const followers = await list<AccountJson>(`/api/v1/accounts/${bob.viewer.id}/followers`);
    expect(followers.json.map((each) => each.username)).toEqual(['ann']);
    const relations = await list<{ id: string; followed_by: boolean }>(
      `/api/v1/accounts/relationships?id[]=${ann.viewer.id}&id[]=${bob.viewer.id}`,
      bob.token,
    );
    expect(relations.json.map((each) => each.followed_by)).toEqual([true, false]);
    app.ctx.db.query('UPDATE accounts SET locked = 1 WHERE id = $id').run({ id: bob.viewer.id });
    await act('unfollow');
    expect(await act('follow')).toMatchObject({ following: false, requested: true });
    const answer = `/api/v1/follow_requests/${ann.viewer.id}/authorize`;
    expect((await app.request(answer, { token: bob.token, method: 'POST' })).status).toBe(200);
    expect(await act('follow')).toMatchObject({ following: true });
  });

  test('one’s own has what only its holder may know', async () => {
    const response = await app.request('/api/v1/accounts/verify_credentials', { token: ann.token });
    expect(await response.json()).toMatchObject({
      username: 'ann',
      source: { privacy: 'public', note: '' },
      role: { name: 'Owner' },
      settings: { show_atom: true },
    });
    expect((await app.request('/api/v1/accounts/verify_credentials')).status).toBe(401);
  });

  test('a suspended one and its posts are gone', async () => {
    app.ctx.db
      .query('UPDATE accounts SET suspended_at = 1 WHERE id = $id')
      .run({ id: bob.viewer.id });
    expect((await app.request(`/api/v1/accounts/${bob.viewer.id}`)).status).toBe(404);
    expect((await app.request(`/@Bob`)).status).toBe(404);
    expect((await list('/api/v1/timelines/home', ann.token)).json).not.toContainEqual(
      expect.objectContaining({ id: ids[0] }),
    );
    expect((await app.request(`/api/v1/statuses/${ids[0]}`)).status).toBe(404);
  });
});
