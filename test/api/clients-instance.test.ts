import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createToken } from '#domain/accounts/tokens.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import {
  createTestApp,
  type Person,
  type TestApp,
  type TestAppOptions,
} from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

type Limits = {
  statuses: {
    max_characters: number;
    max_media_attachments: number;
    characters_reserved_per_url: number;
  };
  media_attachments: {
    supported_mime_types: string[];
    image_size_limit: number;
    description_limit: number;
  };
  polls: Record<string, number>;
  accounts: Record<string, number>;
};
type V1 = {
  uri: string;
  title: string;
  version: string;
  email: string;
  urls: { streaming_api: string };
  stats: Record<string, number>;
  contact_account: AccountJson;
  rules: { id: string; text: string }[];
  configuration: Limits;
};
type V2 = {
  domain: string;
  title: string;
  description: string;
  version: string;
  usage: { users: { active_month: number } };
  api_versions: Record<string, number>;
  contact: { email: string; account: AccountJson | null };
  rules: { id: string; text: string }[];
  thumbnail: { url: string };
  registrations: { enabled: boolean };
  configuration: Limits & {
    urls: { streaming: string };
    vapid: { public_key: string };
    translation: { enabled: boolean };
    timelines_access: Record<string, Record<string, string>>;
  };
};

let app: TestApp;
let ada: Person;
const options = (settings: Record<string, string>): TestAppOptions => ({
  settings: {
    'instance.name': 'Harbour',
    'instance.description': 'Photos of <boats>',
    'instance.rules': 'Be kind\n\n  No spam  ',
    ...settings,
  },
  config: { rates: false, origin: 'https://photos.example', uploadMaxSize: 7_000_000 },
});
beforeAll(async () => {
  app = await createTestApp(options({ mode: 'community', registration: 'open' }));
  ada = await app.person('ada', 'owner');
  post(app.ctx, ada.viewer);
});
afterAll(() => app.close());

async function get<T>(path: string, how: { token?: string } = {}, from = app): Promise<T> {
  const answer = await from.request(path, how);
  expect(`${path} ${answer.status}`).toBe(`${path} 200`);
  return (await answer.json()) as T;
}

describe('what this place says of itself', () => {
  test('begins with a version that apps can read, with the true name behind it', async () => {
    for (const version of [1, 2]) {
      const { version: said } = await get<V2>(`/api/v${version}/instance`);
      expect(said).toMatch(/^4\.3\.0 \(compatible; Tintype \d+\.\d+\.\d+.*\)$/);
      // Phanpy and others read "pixelfed" anywhere in it and hide half of themselves.
      expect(said.toLowerCase()).not.toContain('pixelfed');
    }
  });
  test('has in version 1 what apps take without looking', async () => {
    const json = await get<V1>('/api/v1/instance');
    expect(json).toMatchObject({ uri: 'photos.example', title: 'Harbour', email: '' });
    expect(json.urls.streaming_api).toBe('wss://photos.example');
    expect(json.stats).toEqual({ user_count: 1, status_count: 1, domain_count: 0 });
    expect(json.contact_account.username).toBe('ada');
    expect(json.rules.map(({ id, text }) => [id, text])).toEqual([
      ['1', 'Be kind'],
      ['2', 'No spam'],
    ]);
    expect(Object.values(json.configuration.polls)).toEqual([0, 0, 0, 0]);
  });
  test('has in version 2 what apps take without looking', async () => {
    const json = await get<V2>('/api/v2/instance');
    expect(json).toMatchObject({ domain: 'photos.example', title: 'Harbour' });
    expect(json.configuration.urls.streaming).toBe('wss://photos.example');
    expect(json.configuration.vapid.public_key).toBeString();
    expect(json.configuration.translation.enabled).toBe(false);
    expect(json.configuration.timelines_access.live_feeds).toEqual({
      local: 'public',
      remote: 'authenticated',
    });
    expect(json.api_versions).toEqual({ mastodon: 2 });
    expect(json.contact.account?.username).toBe('ada');
    expect(json.registrations.enabled).toBe(true);
    expect(json.thumbnail.url).toBe('https://photos.example/apple-touch-icon.png');
  });
  test('names the limits that really hold', async () => {
    const { configuration } = await get<V2>('/api/v2/instance');
    const { statuses, media_attachments, accounts } = configuration;
    expect(media_attachments.image_size_limit).toBe(7_000_000);
    const send = async (json: unknown) =>
      (await app.request('/api/v1/statuses', { token: ada.token, json })).status;
    expect(await send({ status: 'a'.repeat(statuses.max_characters) })).toBe(200);
    expect(await send({ status: 'a'.repeat(statuses.max_characters + 1) })).toBe(422);
    const change = async (json: unknown) =>
      (
        await app.request('/api/v1/accounts/update_credentials', {
          method: 'PATCH',
          token: ada.token,
          json,
        })
      ).status;
    const most = (name: string) => accounts[name] ?? 0;
    const line = (name: number, value: number) => ({
      name: 'n'.repeat(name),
      value: 'v'.repeat(value),
    });
    const longName = most('profile_field_name_limit');
    const longValue = most('profile_field_value_limit');
    for (const [fits, json] of [
      [true, { display_name: 'a'.repeat(most('max_display_name_length')) }],
      [false, { display_name: 'a'.repeat(most('max_display_name_length') + 1) }],
      [true, { note: 'a'.repeat(most('max_note_length')) }],
      [false, { note: 'a'.repeat(most('max_note_length') + 1) }],
      [
        true,
        {
          fields_attributes: Array.from({ length: most('max_profile_fields') }, () =>
            line(longName, longValue),
          ),
        },
      ],
      [
        false,
        {
          fields_attributes: Array.from({ length: most('max_profile_fields') + 1 }, () =>
            line(1, 1),
          ),
        },
      ],
      [false, { fields_attributes: [line(longName + 1, 1)] }],
      [false, { fields_attributes: [line(1, longValue + 1)] }],
    ] as const) {
      expect(await change(json)).toBe(fits ? 200 : 422);
    }
  });
  test('refuses polls, which it says it has none of', async () => {
    const json = { status: 'Which?', poll: { options: ['a', 'b'], expires_in: 3600 } };
    const answer = await app.request('/api/v1/statuses', { token: ada.token, json });
    expect(answer.status).toBe(422);
    expect((await app.request('/api/v1/polls/1', { token: ada.token })).status).toBe(404);
  });
  test('gives the parts of itself at their own addresses', async () => {
    const described = await get<{ content: string }>('/api/v1/instance/extended_description');
    expect(described.content).toBe('<p>Photos of &lt;boats&gt;</p>');
    expect(await get<unknown[]>('/api/v1/instance/rules')).toHaveLength(2);
    for (const part of ['peers', 'activity']) {
      expect(await get<unknown[]>(`/api/v1/instance/${part}`)).toEqual([]);
    }
    expect(await get<unknown>('/api/v1/instance/translation_languages')).toEqual({});
    expect((await app.request('/api/v1/instance/privacy_policy')).status).toBe(404);
    expect(await get<unknown>('/api/v1/custom_emojis')).toEqual([]);
    expect(await get<unknown>('/api/v1/announcements', { token: ada.token })).toEqual([]);
  });
});

test('T79: a stranger at a closed place learns what the software can, and no name or number', async () => {
  const family = await createTestApp(options({ mode: 'family' }));
  const owner = await family.person('ada', 'owner');
  post(family.ctx, owner.viewer);
  const json = await get<V2>('/api/v2/instance', {}, family);
  expect(json).toMatchObject({
    domain: 'photos.example',
    title: 'photos.example',
    description: '',
  });
  expect(json.contact.account).toBeNull();
  expect(json.rules).toEqual([]);
  expect(json.usage.users.active_month).toBe(0);
  expect(JSON.stringify(json)).not.toContain('Harbour');
  expect(json.configuration.timelines_access.live_feeds?.local).toBe('authenticated');
  expect((await family.request('/api/v1/instance')).status).toBe(401);
  const member = await get<V2>('/api/v2/instance', { token: owner.token }, family);
  expect(member.title).toBe('Harbour');
  expect(member.contact.account?.username).toBe('ada');
  const narrow = createToken(family.ctx, owner.viewer.id, 'x', 'push');
  expect((await get<V2>('/api/v2/instance', { token: narrow }, family)).title).toBe('Harbour');
  await family.close();
});
