import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { listReports } from '#domain/moderation/report-admin-queries.ts';
import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { publishPhoto, type WalkPost } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

let app: TestApp;
let ada: Person;
let bob: Person;
let cem: Person;
let open: WalkPost;
let closed: WalkPost;
beforeAll(async () => {
  app = await createMediaApp({
    settings: { mode: 'community' },
    config: { rates: false, origin: 'https://photos.example' },
  });
  ada = await app.person('ada', 'owner');
  bob = await app.person('bob');
  cem = await app.person('cem');
  open = await publishPhoto(app, ada, 'public');
  closed = await publishPhoto(app, ada, 'private');
  for (const { id } of [open, closed]) await act(ada, `/api/v1/statuses/${id}/favourite`);
  await act(bob, `/api/v1/statuses/${open.id}/favourite`);
});
afterAll(() => app.close());

async function ask<T>(path: string, how: RequestOptions = {}) {
  const answer = await app.request(path, { token: bob.token, ...how });
  expect(answer.headers.get('content-type')).toStartWith('application/json');
  return { status: answer.status, json: (await answer.json()) as T };
}
const act = (as: Person, path: string, how: RequestOptions = {}) =>
  app.request(path, { token: as.token, method: 'POST', ...how });

describe('the official app signs in', () => {
  test('because one address says what API is spoken, while NodeInfo names the software', async () => {
    type Info = { software: { name: string; version: string } };
    const { json } = await ask<Info>('/api/nodeinfo/2.0.json');
    expect(json.software).toEqual({ name: 'pixelfed', version: '0.12.3' });
    const advertised = await ask<{ links: { href: string }[] }>('/.well-known/nodeinfo');
    for (const { href } of advertised.json.links) {
      expect(href).not.toContain('/api/');
      const told = await ask<Info>(new URL(href).pathname);
      expect(told.json.software.name).toBe('tintype');
    }
  });
  test('unless the owner switched that off', async () => {
    const off = await createMediaApp({ settings: { 'compat.pixelfed_app': 'false' } });
    await off.person('ada', 'owner');
    expect((await off.request('/api/nodeinfo/2.0.json')).status).toBe(404);
    await off.close();
  });
});

describe('looking around', () => {
  test('shows what is really liked, and nothing that the viewer may not see', async () => {
    for (const path of [
      '/api/v1.1/discover/posts/trending?range=daily&_pe=1',
      '/api/pixelfed/v1/discover/posts/trending?range=monthly',
      '/api/pixelfed/v2/discover/posts/trending?range=yearly',
      '/api/v1.1/discover/posts/trending?range=constructor',
    ]) {
      const { json } = await ask<StatusJson[]>(path);
      expect(json.map(({ id }) => id)).toEqual([open.id]);
      expect(json[0]?.pf_type).toBe('photo');
    }
    expect((await ask('/api/v1.1/discover/posts/network/trending')).json).toEqual([]);
  });
  test('T86: somebody who is blocked, muted or does not want to be found is left out', async () => {
    const trending = async (as: Person) =>
      (await ask<StatusJson[]>('/api/v1.1/discover/posts/trending', { token: as.token })).json;
    const popular = async (as: Person) =>
      (
        await ask<AccountJson[]>('/api/v1.1/discover/accounts/popular', { token: as.token })
      ).json.map(({ username }) => username);
    expect(await popular(cem)).toEqual(['ada', 'bob']);
    await act(cem, `/api/v1/accounts/${ada.viewer.id}/block`);
    expect(await trending(cem)).toEqual([]);
    expect(await popular(cem)).toEqual(['bob']);
    await act(cem, `/api/v1/accounts/${ada.viewer.id}/unblock`);
    expect((await trending(cem)).length).toBe(1);
    const hide = { method: 'PATCH', json: { discoverable: false }, token: ada.token };
    await ask('/api/v1/accounts/update_credentials', hide);
    expect(await trending(cem)).toEqual([]);
    expect(await popular(cem)).toEqual(['bob']);
    await ask('/api/v1/accounts/update_credentials', { ...hide, json: { discoverable: true } });
  });
  test('has hashtags with and without their sign, and those beside them', async () => {
    for (const status of ['#Sea and #Sun', '#sea']) {
      await act(ada, '/api/v1/statuses', { json: { status } });
    }
    await act(ada, '/api/v1/statuses', { json: { status: '#Secret #sea', visibility: 'private' } });
    const tags = await ask<Record<string, unknown>[]>('/api/v1.1/discover/posts/hashtags');
    expect(tags.json.map(({ name, hashtag }) => [name, hashtag])).toEqual([
      ['Sea', '#Sea'],
      ['Sun', '#Sun'],
    ]);
    for (const tag of tags.json) expect(tag.id).toMatch(/^\d+$/);
    const beside = await ask<Record<string, unknown>[]>('/api/v1/tags/SEA/related?_pe=1');
    expect(beside.json).toEqual([
      { name: 'Sun', url: 'https://photos.example/tags/sun', related_count: 1 },
    ]);
  });
  test('finds people by name and number, and whom both know', async () => {
    await act(bob, `/api/v1/accounts/${cem.viewer.id}/follow`);
    await act(cem, `/api/v1/accounts/${ada.viewer.id}/follow`);
    const named = await ask<AccountJson>('/api/v1.1/accounts/username/ADA?_pe=1');
    expect(named.json.id).toBe(String(ada.viewer.id));
    expect((await ask('/api/v1.1/accounts/username/nobody')).json).toEqual([]);
    const alias = await ask<AccountJson>(`/api/pixelfed/v1/accounts/${ada.viewer.id}`);
    expect(alias.json.username).toBe('ada');
    const both = await ask<AccountJson[]>(`/api/v1.1/accounts/mutuals/${ada.viewer.id}`);
    expect(both.json.map(({ username }) => username)).toEqual(['cem']);
  });
});

describe('the screens of the official app', () => {
  test('get their settings, limits and empty shelves', async () => {
    const compose = await ask<Record<string, unknown>>('/api/v1.1/compose/settings');
    expect(compose.json).toMatchObject({
      default_scope: 'public',
      default_license: 1,
      media_descriptions: false,
      max_altext_length: 1500,
      max_media_attachments: 20,
    });
    const config = await ask<{ account: { max_bio_length: number } }>('/api/v2/config');
    expect(config.json.account.max_bio_length).toBe(500);
    for (const path of ['/api/v1.1/compose/search/location?q=rome', '/api/v1.1/collections/self']) {
      expect((await ask(path)).json).toEqual([]);
    }
    const stories = await ask('/api/v1.2/stories/carousel');
    expect(stories.json).toEqual({ self: [], nodes: [] });
    expect((await ask('/api/v1.1/nag/state')).json).toEqual({ active: false });
    const push = await ask<{ notify_enabled: boolean }>('/api/v1.1/push/state');
    expect(push.json.notify_enabled).toBe(false);
  });
  test('do not believe in what is not done: making a story or a collection is 404', async () => {
    for (const path of [
      '/api/v1.2/stories/publish',
      '/api/v1.1/collections/add',
      '/api/v1.1/push/update',
    ]) {
      expect((await ask(path, { method: 'POST', json: {} })).status).toBe(404);
    }
  });
  test('keep the settings of the app, its own names alone', async () => {
    type Settings = { common: Record<string, Record<string, unknown>>; updated_at: string | null };
    const path = '/api/pixelfed/v1/app/settings';
    const first = await ask<Settings>(path);
    expect(first.json.updated_at).toBeNull();
    expect(first.json.common.appearance).toEqual({
      links_use_in_app_browser: true,
      theme: 'system',
    });
    const json = { common: { timelines: { show_public: true, other: 'x' }, __proto__: { a: 1 } } };
    const changed = await ask<Settings>(path, { json });
    expect(changed.json.common.timelines).toEqual({
      show_public: true,
      show_network: false,
      hide_likes_shares: false,
    });
    expect((await ask<Settings>(path)).json.common).toEqual(changed.json.common);
    expect((await ask<Settings>(path, { token: ada.token })).json.updated_at).toBeNull();
  });
  test('report posts and people, and not what cannot be seen', async () => {
    const report = (query: string) => ask(`/api/v1.1/report?${query}`, { method: 'POST' });
    const sent = await report(`object_id=${open.id}&object_type=post&report_type=copyright`);
    expect(sent.json).toEqual({ msg: 'Successfully sent report', code: 200 });
    const [row] = listReports(app.ctx.db, { closed: false, limit: 5, maxId: null, minId: null });
    expect(row).toMatchObject({ targetId: ada.viewer.id, category: 'legal', posts: 1 });
    const user = `object_id=${cem.viewer.id}&object_type=user`;
    expect((await report(`${user}&report_type=spam`)).status).toBe(200);
    expect((await report(`${user}&report_type=nonsense`)).status).toBe(422);
    expect((await report(`object_id=${closed.id}&object_type=post&report_type=spam`)).status).toBe(
      404,
    );
    expect((await report('object_id=1&object_type=story&report_type=spam')).status).toBe(404);
    expect(
      (await report(`object_id=${bob.viewer.id}&object_type=user&report_type=spam`)).status,
    ).toBe(422);
  });
});

describe('direct messages', () => {
  type Message = { id: string; text: string; isAuthor: boolean; type: string };
  type Thread = { id: string; messages: Message[] };
  const send = (from: Person, to: Person, message: string) =>
    ask<Message>('/api/v1.1/direct/thread/send', {
      token: from.token,
      json: { to_id: String(to.viewer.id), message, type: 'text' },
    });
  const thread = (as: Person, pid: number | string) =>
    ask<Thread>(`/api/v1.1/direct/thread?pid=${pid}`, { token: as.token });

  test('go between two people and are read by nobody else', async () => {
    const first = await send(bob, cem, 'Hello, are you there?');
    expect(first.json).toMatchObject({
      text: 'Hello, are you there?',
      isAuthor: true,
      type: 'text',
    });
    await send(cem, bob, 'Yes');
    const seen = await thread(cem, bob.viewer.id);
    expect(seen.json.id).toBe(String(bob.viewer.id));
    expect(seen.json.messages.map(({ text, isAuthor }) => [text, isAuthor])).toEqual([
      ['Yes', true],
      ['Hello, are you there?', false],
    ]);
    for (const pid of [bob.viewer.id, cem.viewer.id]) {
      expect((await thread(ada, pid)).json.messages).toEqual([]);
    }
    expect((await ask(`/api/v1/statuses/${first.json.id}`, { token: ada.token })).status).toBe(404);
  });
  test('are unread until their reader says so, for nobody else', async () => {
    await send(bob, cem, 'News');
    const unread = async () =>
      (await ask<{ unread: boolean }[]>('/api/v1/conversations', { token: cem.token })).json.map(
        (each) => each.unread,
      );
    expect(await unread()).toEqual([true]);
    await thread(cem, bob.viewer.id);
    expect(await unread()).toEqual([true]);
    const path = '/api/v1.1/direct/thread/read';
    const json = { pid: String(bob.viewer.id) };
    expect((await ask(path, { token: ada.token, json })).status).toBe(404);
    expect((await ask(path, { token: cem.token, json })).json).toEqual({});
    expect(await unread()).toEqual([false]);
  });
  test('are deleted by their author alone', async () => {
    const { json } = await send(bob, cem, 'A mistake');
    const path = `/api/v1.1/direct/thread/message?id=${json.id}`;
    for (const token of [cem.token, ada.token]) {
      expect((await ask(path, { token, method: 'DELETE' })).status).toBe(404);
    }
    expect((await ask(path, { method: 'DELETE' })).json).toEqual([200]);
    // A post that is no message is not deleted here.
    const mine = `/api/v1.1/direct/thread/message?id=${open.id}`;
    expect((await ask(mine, { token: ada.token, method: 'DELETE' })).status).toBe(404);
  });
  test('are not sent to nobody, oneself, or across a block', async () => {
    expect((await thread(bob, '1')).status).toBe(404);
    expect((await send(bob, bob, 'x')).status).toBe(422);
    expect((await send(bob, cem, '  ')).status).toBe(422);
    await act(cem, `/api/v1/accounts/${bob.viewer.id}/block`);
    expect((await send(bob, cem, 'x')).status).toBe(422);
    await act(cem, `/api/v1/accounts/${bob.viewer.id}/unblock`);
  });
});

test('a post is put away and brought back by its author alone', async () => {
  const { id } = await publishPhoto(app, ada, 'public');
  const act = (verb: string, as: Person) =>
    ask(`/api/v1.1/archive/${verb}/${id}`, { token: as.token, method: 'POST' });
  expect((await act('add', bob)).status).toBe(404);
  expect((await act('add', ada)).json).toEqual({});
  expect((await ask(`/api/v1/statuses/${id}`)).status).toBe(404);
  const list = async (as: Person) =>
    (await ask<StatusJson[]>('/api/v1.1/archive/list', { token: as.token })).json.map(
      (status) => status.id,
    );
  expect(await list(ada)).toEqual([id]);
  expect(await list(bob)).toEqual([]);
  expect((await act('remove', ada)).json).toEqual({});
  expect((await ask(`/api/v1/statuses/${id}`)).status).toBe(200);
});
