import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { createFullWorld, type FullWorld } from '#test/harness/full-world.ts';
import { photo } from '#test/media/world.ts';

setDefaultTimeout(60_000);

/**
 * The official app (pixelfed-rn 1.8) and Pixelix as they speak: each request with the method, the
 * encoding, the words and the headers that they send, in the order of their screens.
 */
let world: FullWorld;
let app: TestApp;
let ann: Person;
beforeAll(async () => {
  world = await createFullWorld({
    settings: { mode: 'community' },
    config: { origin: 'https://photos.example' },
  });
  ({ app, ann } = world);
});
afterAll(() => app.close());

type Json = Record<string, unknown>;
const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json' };
/** A person's consent needs the cookie under the name that https gives it. */
const browser = (): Person => ({ ...ann, cookie: `__Host-${ann.cookie}` });

async function ask<T = Json>(path: string, how: RequestOptions = {}): Promise<T> {
  const answer = await app.request(path, how);
  const text = await answer.text();
  expect(`${how.method ?? ''} ${path} ${answer.status} ${answer.ok ? '' : text}`).toBe(
    `${how.method ?? ''} ${path} 200 `,
  );
  expect(answer.headers.get('content-type')).toStartWith('application/json');
  return JSON.parse(text) as T;
}

function multipart(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

/** From the server's name to a token, as the official app does it. */
async function signIn(): Promise<Json> {
  const info = await ask<{ software: { name: string; version: string } }>('/api/nodeinfo/2.0.json');
  expect(info.software.name).toBe('pixelfed');
  const [major = 0, minor = 0, patch = 0] = info.software.version.split('.').map(Number);
  expect(major * 10_000 + minor * 100 + patch).toBeGreaterThanOrEqual(1203);
  const client = await ask('/api/v1/apps', {
    body: multipart({
      client_name: 'Pixelfed for Android',
      redirect_uris: 'pixelfed://login',
      scopes: 'read write follow push',
      website: 'https://github.com/pixelfed/pixelfed-rn',
    }),
  });
  // Stored at once; anything but a text throws in the app.
  for (const name of ['client_id', 'client_secret', 'name', 'redirect_uri']) {
    expect(client[name]).toBeString();
  }
  const question = `client_id=${client.client_id}&scope=read+write+follow+push&redirect_uri=pixelfed://login&response_type=code`;
  const page = await app.request(`/oauth/authorize?${question}`, { as: browser() });
  expect(page.status).toBe(200);
  const said = await app.request('/oauth/authorize', {
    as: browser(),
    form: { ...Object.fromEntries(new URLSearchParams(question)), decision: 'allow' },
  });
  const location = said.headers.get('location') ?? '';
  expect(location).toStartWith('pixelfed://login?code=');
  const token = await ask('/oauth/token', {
    body: multipart({
      client_id: String(client.client_id),
      client_secret: String(client.client_secret),
      redirect_uri: 'pixelfed://login',
      grant_type: 'authorization_code',
      code: new URLSearchParams(location.split('?')[1]).get('code') ?? '',
      scope: 'read write follow push admin:read admin:write',
    }),
  });
  for (const name of ['access_token', 'refresh_token', 'token_type', 'scope']) {
    expect(token[name]).toBeString();
  }
  for (const name of ['created_at', 'expires_in']) expect(token[name]).toBeNumber();
  return token;
}

describe('pixelfed-rn', () => {
  let token: string;
  const get = <T = Json>(path: string) => ask<T>(path, { token, headers: JSON_TYPE });
  /** Its way of writing: everything in the query, an empty body that is called JSON. */
  const write = <T = Json>(method: string, path: string) =>
    ask<T>(path, { token, method, headers: JSON_TYPE });

  test('signs in', async () => {
    token = String((await signIn()).access_token);
    const self = await get<{ settings: Json; source: Json; website: string }>(
      '/api/v1/accounts/verify_credentials?_pe=1',
    );
    for (const name of [
      'crawlable',
      'disable_embeds',
      'is_suggestable',
      'show_atom',
      'video_autoplay',
    ]) {
      expect(self.settings[name]).toBeBoolean();
    }
    expect(self.website).toBeString();
  });

  test('shows its start, its feeds and the form for a new post', async () => {
    expect((await get<{ nodes: unknown[] }>('/api/v1.2/stories/carousel')).nodes).toEqual([]);
    type Post = { id: string; pf_type: string; reply_count: number; liked_by: unknown };
    for (const path of [
      '/api/v1/timelines/home?_pe=1&max_id=0&limit=20',
      '/api/v1/timelines/home?_pe=1&include_reblogs=false',
      '/api/v1/timelines/public?_pe=1&local=true&limit=10',
      '/api/v1/timelines/public?_pe=1&remote=true',
      '/api/v1/timelines/tag/light?_pe=1&only_media=true',
    ]) {
      for (const { id, reply_count } of await get<Post[]>(path)) {
        // It computes the next page: nothing but digits may be there.
        const next = String(BigInt(id) - 1n);
        expect(reply_count).toBeNumber();
        await get(`${path.split('?')[0]}?_pe=1&max_id=${next}`);
      }
    }
    const place = await get<{
      configuration: { statuses: Json };
      rules: unknown[];
      stats: Json;
      contact_account: Json;
    }>('/api/v1/instance');
    expect(place.configuration.statuses.max_characters).toBeNumber();
    expect(place.contact_account.username).toBe('ann');
    expect(place.rules).toBeArray();
    const compose = await get('/api/v1.1/compose/settings');
    expect(compose.max_altext_length).toBeNumber();
    expect(compose.default_scope).toBe('public');
  });

  test('posts a photo, describes it, is commented and liked, edits and deletes', async () => {
    const form = multipart({ description: 'A boat' });
    form.append('file', new Blob([new Uint8Array(await photo(90, 60))]), 'photo.jpg');
    const media = await ask<{ id: string; url: string }>('/api/v2/media', {
      token,
      body: form,
      headers: { 'idempotency-key': 'a-key' },
    });
    expect(media.url).toBeString();
    const described = await write('PUT', `/api/v1/media/${media.id}?description=A%20red%20boat`);
    expect(described.description).toBe('A red boat');
    const body = {
      status: 'At sea',
      media_ids: [media.id],
      sensitive: false,
      visibility: 'public',
    };
    const posted = await ask<{ id: string; pf_type: string }>('/api/v1/statuses', {
      token,
      json: body,
      headers: { 'idempotency-key': 'another-key' },
    });
    expect(posted.pf_type).toBe('photo');
    const again = await ask<{ id: string }>('/api/v1/statuses', {
      token,
      json: body,
      headers: { 'idempotency-key': 'another-key' },
    });
    expect(again.id).toBe(posted.id);
    const path = `/api/v1/statuses/${posted.id}`;
    const comment = await write<{ id: string; in_reply_to_id: string }>(
      'POST',
      `/api/v1/statuses?status=So%20nice&in_reply_to_id=${posted.id}&_pe=1`,
    );
    expect(comment.in_reply_to_id).toBe(posted.id);
    for (const act of [
      'favourite',
      'unfavourite',
      'bookmark',
      'unbookmark',
      'reblog',
      'unreblog',
    ]) {
      await write('POST', `${path}/${act}?_pe=1`);
    }
    const context = await get<{ descendants: unknown[] }>(`${path}/context?_pe=1`);
    expect(context.descendants).toHaveLength(1);
    const edited = await ask<{ content_text: string }>(path, {
      token,
      method: 'PUT',
      json: { status: 'At anchor', spoiler_text: '', sensitive: false, media_ids: [media.id] },
    });
    expect(edited.content_text).toBe('At anchor');
    for (const part of ['history', 'favourited_by', 'reblogged_by']) {
      expect(await get<unknown[]>(`${path}/${part}?_pe=1&limit=20&cursor=undefined`)).toBeArray();
    }
    await write('DELETE', `/api/v1/statuses/${comment.id}`);
    await write('DELETE', path);
    expect((await app.request(path, { token })).status).toBe(404);
  });

  test('opens its other screens', async () => {
    const ben = String(world.ben.viewer.id);
    for (const path of [
      '/api/v1/notifications?limit=20',
      '/api/v1/notifications?types[]=favourite&limit=20&_pe=1',
      '/api/v1/notifications?types[]=mention',
      '/api/v1/conversations',
      '/api/v1/bookmarks?limit=10',
      '/api/v1/favourites?limit=10',
      '/api/v1/followed_tags',
      '/api/v1/blocks',
      '/api/v1/mutes',
      '/api/v1/domain_blocks',
      '/api/v1/follow_requests?_pe=1',
      `/api/v1/accounts/${ben}/statuses?_pe=1&limit=24&only_media=true&exclude_replies=true`,
      `/api/v1/accounts/${ben}/followers?_pe=1&limit=20`,
      `/api/v1/accounts/${ben}/following?_pe=1&limit=20`,
      `/api/v1/accounts/relationships?id[]=${ben}&_pe=1`,
      `/api/v1.1/accounts/mutuals/${ben}?_pe=1`,
      '/api/v1.1/discover/posts/trending?range=daily',
      '/api/v1.1/discover/posts/network/trending',
      '/api/v1.1/discover/posts/hashtags',
      '/api/v1.1/discover/accounts/popular',
      '/api/v1/tags/light/related?_pe=1',
      '/api/v1.1/collections/self?page=1',
    ]) {
      expect(await get<unknown[]>(path)).toBeArray();
    }
    const tag = await get<{ name: string; following: boolean }>('/api/v1/tags/light/?_pe=1');
    expect(tag).toMatchObject({ name: 'light', following: false });
    expect((await get<{ username: string }>(`/api/v1/accounts/${ben}?_pe=1`)).username).toBe('ben');
    expect((await get<{ id: string }>('/api/v1.1/accounts/username/ben?_pe=1')).id).toBe(ben);
    const found = await get<Record<string, unknown[]>>(
      '/api/v2/search?q=ben&_pe=1&resolve=1&limit=5',
    );
    expect(found.accounts).toHaveLength(1);
    expect((await get<{ account: Json }>('/api/v2/config')).account.max_bio_length).toBeNumber();
    expect((await get<{ active: boolean }>('/api/v1.1/nag/state')).active).toBe(false);
    expect((await get<{ common: Json }>('/api/pixelfed/v1/app/settings')).common).toBeObject();
    const thread = await get<{ messages: unknown[] }>(`/api/v1.1/direct/thread?pid=${ben}`);
    expect(thread.messages).toBeArray();
  });

  test('follows, mutes and blocks by an empty POST', async () => {
    const cleo = `/api/v1/accounts/${world.cleo.viewer.id}`;
    for (const act of ['follow', 'unfollow', 'mute', 'unmute', 'block', 'unblock']) {
      const relationship = await write<Json>('POST', `${cleo}/${act}?_pe=1`);
      expect(relationship.id).toBe(String(world.cleo.viewer.id));
      expect(relationship).toHaveProperty('following_since');
    }
    for (const act of ['follow', 'unfollow']) {
      expect((await write('POST', `/api/v1/tags/light/${act}?_pe=1`)).following).toBe(
        act === 'follow',
      );
    }
  });

  test('changes its person in the query, and the picture by multipart', async () => {
    const path = '/api/v1/accounts/update_credentials';
    const changed = await write(
      'PATCH',
      `${path}?_pe=1&display_name=Ann%20A.&note=Boats%20%26%20light&website=https%3A%2F%2Fexample.org&locked=false`,
    );
    expect(changed).toMatchObject({
      display_name: 'Ann A.',
      note_text: 'Boats & light',
      website: 'https://example.org/',
    });
    const form = new FormData();
    form.append('avatar', new Blob([new Uint8Array(await photo(80, 80))]), 'avatar.jpg');
    const pictured = await ask<{ avatar: string }>(`${path}?_pe=1`, { token, body: form });
    expect(pictured.avatar).toContain('/media/');
    const bare = await write<{ avatar: string }>('DELETE', '/api/v1.1/accounts/avatar?_pe=1');
    expect(bare.avatar).toContain('missing.png');
  });

  test('pages lists of people to their end by the whole address of the next page', async () => {
    // The block above ended it.
    const follow = `/api/v1/accounts/${ann.viewer.id}/follow`;
    await ask(follow, { token: world.cleo.token, method: 'POST' });
    const all: string[] = [];
    let path = `/api/v1/accounts/${ann.viewer.id}/followers?_pe=1&limit=1`;
    for (let round = 0; round < 5; round += 1) {
      const answer = await app.request(path, { token, headers: JSON_TYPE });
      all.push(...((await answer.json()) as { username: string }[]).map((each) => each.username));
      // Its reader of Link splits on commas and semicolons and nothing else.
      const parts = (answer.headers.get('link') ?? '').split(',').map((part) => part.split(';'));
      const next = parts
        .find(([, rel]) => rel?.includes('next'))?.[0]
        ?.trim()
        .slice(1, -1);
      if (next === undefined) break;
      path = `/api/v1/accounts/${ann.viewer.id}/followers?_pe=1&limit=1&cursor=${next}`;
    }
    expect(all).toEqual(['cleo', 'ben']);
  });
});

describe('Pixelix', () => {
  test('signs in by query, and opens its screens', async () => {
    const client = await ask(
      '/api/v1/apps?client_name=Pixelix&redirect_uris=pixelix-android-auth%3A%2F%2Fcallback&scopes=read%20write%20follow%20push',
      { method: 'POST' },
    );
    const redirect = 'pixelix-android-auth://callback';
    const said = await app.request('/oauth/authorize', {
      as: browser(),
      form: {
        response_type: 'code',
        client_id: String(client.client_id),
        redirect_uri: redirect,
        scope: 'read write follow push',
        decision: 'allow',
      },
    });
    const code =
      new URLSearchParams((said.headers.get('location') ?? '').split('?')[1]).get('code') ?? '';
    const query = new URLSearchParams({
      client_id: String(client.client_id),
      client_secret: String(client.client_secret),
      code,
      redirect_uri: redirect,
      grant_type: 'authorization_code',
    });
    const { access_token } = await ask(`/oauth/token?${query}`, { method: 'POST' });
    const token = String(access_token);
    const ben = String(world.ben.viewer.id);
    type Post = { media_attachments: { meta: { original: { aspect: number } }; license: null }[] };
    const home = await ask<Post[]>('/api/v1/timelines/home?pe=1&limit=20', { token });
    const photos = home.flatMap((post) => post.media_attachments);
    expect(photos.length).toBeGreaterThan(0);
    for (const { meta, license } of photos) {
      expect(meta.original.aspect).toBeNumber();
      expect(license).toBeNull();
    }
    for (const path of [
      `/api/pixelfed/v1/accounts/${ben}`,
      '/api/pixelfed/v1/web/settings',
      '/api/v1/instance',
    ]) {
      expect(await ask(path, { token })).toBeObject();
    }
    for (const path of [
      '/api/pixelfed/v1/discover/posts/trending?range=monthly',
      '/api/v1.1/discover/accounts/popular',
      '/api/v1.1/discover/posts/hashtags',
      '/api/v1.1/compose/search/location?q=rome',
      `/api/v1.1/collections/accounts/${ben}`,
      '/api/v1.1/direct/compose/mutuals',
      `/api/v1/accounts/${ben}/statuses?limit=12&_pe=1`,
      `/api/v1/accounts/relationships?id[]=${ben}`,
      '/api/v1/conversations?limit=20',
      '/api/v1/notifications?limit=20&_pe=1',
    ]) {
      expect(await ask<unknown[]>(path, { token })).toBeArray();
    }
  });
});
