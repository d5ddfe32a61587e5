import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { EntityName } from '#app/reference/entities.ts';
import type { RequestOptions } from '#test/harness/app.ts';
import { entityProblems, listProblems } from '#test/harness/entities.ts';
import { createFullWorld, type FullWorld, upload } from '#test/harness/full-world.ts';

/** One request as an app sends it, and what it decodes the answer as; null where any JSON will do. */
type Replayed = {
  method?: string;
  path: string;
  /** A form of the app, urlencoded; or JSON. */
  form?: Record<string, string>;
  json?: unknown;
  as: EntityName | `${EntityName}[]` | null;
  status?: number;
};

let world: FullWorld;
let ben: string;
let photo: string;
beforeAll(async () => {
  world = await createFullWorld({
    settings: { mode: 'community' },
    config: { origin: 'https://photos.example' },
  });
  ben = String(world.ben.viewer.id);
  photo = await upload(world.app, world.ann, 'A door');
});
afterAll(() => world.app.close());

/** Sends it as this app does: its headers, its way to write a body. */
async function replay(one: Replayed, headers: Record<string, string>): Promise<string[]> {
  const { method, path, form, json, as, status = 200 } = one;
  const how: RequestOptions = { token: world.ann.token, headers };
  if (method !== undefined) how.method = method;
  if (form !== undefined) how.body = new URLSearchParams(form);
  if (json !== undefined) how.json = json;
  const answer = await world.app.request(path, how);
  const what = `${method ?? 'GET'} ${path}`;
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  if (answer.status !== status) return [`${what}: ${answer.status} ${text}`];
  if (!type.startsWith('application/json')) return [`${what}: ${type}`];
  const body: unknown = JSON.parse(text);
  if (as === null) return [];
  const name = as.replace(/\[\]$/, '') as EntityName;
  const problems = as.endsWith('[]') ? listProblems(name, body) : entityProblems(name, body);
  return problems.map((problem) => `${what}: ${problem}`);
}

async function replayAll(
  list: readonly Replayed[],
  headers: Record<string, string>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const one of list) problems.push(...(await replay(one, headers)));
  return problems;
}

describe('Tusky', () => {
  const headers = { 'user-agent': 'Tusky/28.0 Android/15', accept: 'application/json' };

  test('starts', async () => {
    const registration = {
      client_name: 'Tusky',
      redirect_uris: 'oauth2redirect://com.keylesspalace.tusky/',
      scopes: 'read write follow push',
      website: 'https://tusky.app',
    };
    const list: Replayed[] = [
      { method: 'POST', path: '/api/v1/apps', form: registration, as: 'CredentialApplication' },
      { path: '/api/v1/accounts/verify_credentials', as: 'CredentialAccount' },
      { path: '/api/v2/instance', as: 'Instance' },
      { path: '/api/v1/instance', as: 'InstanceV1' },
      { path: '/api/v1/custom_emojis', as: 'CustomEmoji[]' },
      { path: '/api/v2/filters', as: 'Filter[]' },
      { path: '/api/v1/filters', as: 'FilterV1[]' },
      { path: '/api/v1/lists', as: 'List[]' },
      { path: '/api/v1/announcements?with_dismissed=false', as: null },
      { path: '/api/v1/markers?timeline%5B%5D=notifications', as: 'Markers' },
      { path: '/api/v1/preferences', as: 'Preferences' },
    ];
    expect(await replayAll(list, headers)).toEqual([]);
  });

  test('shows its main screens', async () => {
    const list: Replayed[] = [
      { path: '/api/v1/timelines/home?limit=40', as: 'Status[]' },
      { path: `/api/v1/timelines/home?max_id=${world.comment}&limit=40`, as: 'Status[]' },
      { path: `/api/v1/timelines/home?since_id=${world.album}&limit=40`, as: 'Status[]' },
      { path: `/api/v1/timelines/home?min_id=${world.album}&limit=40`, as: 'Status[]' },
      { path: '/api/v1/timelines/public?local=true&limit=30', as: 'Status[]' },
      { path: '/api/v1/timelines/tag/light?local=false&limit=30', as: 'Status[]' },
      {
        path: '/api/v1/notifications?limit=30&exclude_types%5B%5D=follow_request&exclude_types%5B%5D=poll',
        as: 'Notification[]',
      },
      { path: '/api/v1/conversations?limit=30', as: 'Conversation[]' },
      { path: '/api/v1/trends/tags', as: 'Tag[]' },
      { path: `/api/v1/accounts/${ben}`, as: 'Account' },
      { path: `/api/v1/accounts/relationships?id%5B%5D=${ben}`, as: 'Relationship[]' },
      {
        path: `/api/v1/accounts/${ben}/statuses?exclude_replies=true&limit=30`,
        as: 'Status[]',
      },
      { path: `/api/v1/accounts/${ben}/statuses?pinned=true`, as: 'Status[]' },
      { path: `/api/v1/accounts/${ben}/statuses?only_media=true&limit=30`, as: 'Status[]' },
      { path: `/api/v1/accounts/${ben}/followers`, as: 'Account[]' },
      { path: '/api/v1/favourites?limit=30', as: 'Status[]' },
      { path: '/api/v1/bookmarks?limit=30', as: 'Status[]' },
      { path: '/api/v1/scheduled_statuses?limit=30', as: 'ScheduledStatus[]' },
      { path: '/api/v1/follow_requests', as: 'Account[]' },
      { path: '/api/v1/mutes', as: 'MutedAccount[]' },
      { path: '/api/v1/blocks', as: 'Account[]' },
      { path: '/api/v1/domain_blocks', as: null },
      { path: '/api/v1/followed_tags', as: 'Tag[]' },
      {
        path: '/api/v2/search?q=light&type=hashtags&resolve=true&limit=20&offset=0&following=false',
        as: 'Search',
      },
      { path: `/api/v1/statuses/${world.album}/context`, as: 'Context' },
      { path: `/api/v1/statuses/${world.album}/history`, as: 'StatusEdit[]' },
    ];
    expect(await replayAll(list, headers)).toEqual([]);
  });

  test('writes: forms, and JSON for a post', async () => {
    const { album } = world;
    const list: Replayed[] = [
      {
        method: 'POST',
        path: '/api/v1/statuses',
        json: {
          status: 'From Tusky',
          in_reply_to_id: null,
          spoiler_text: '',
          visibility: 'public',
          sensitive: false,
          media_ids: [photo],
          media_attributes: [{ id: photo, description: 'A door', focus: '0.0,0.0' }],
          scheduled_at: null,
          poll: null,
          language: 'en',
        },
        as: 'Status',
      },
      { method: 'POST', path: `/api/v1/statuses/${album}/favourite`, as: 'Status' },
      { method: 'POST', path: `/api/v1/statuses/${album}/unfavourite`, as: 'Status' },
      {
        method: 'POST',
        path: `/api/v1/statuses/${album}/reblog`,
        form: { visibility: 'public' },
        as: 'Status',
      },
      { method: 'POST', path: `/api/v1/statuses/${album}/mute`, as: 'Status' },
      { method: 'POST', path: `/api/v1/statuses/${album}/unmute`, as: 'Status' },
      {
        method: 'POST',
        path: `/api/v1/accounts/${ben}/mute`,
        form: { notifications: 'true', duration: '300' },
        as: 'Relationship',
      },
      { method: 'POST', path: `/api/v1/accounts/${ben}/unmute`, as: 'Relationship' },
      {
        method: 'POST',
        path: `/api/v1/accounts/${ben}/follow`,
        form: { reblogs: 'true', notify: 'false' },
        as: 'Relationship',
      },
      {
        method: 'POST',
        path: '/api/v1/markers',
        form: { 'notifications[last_read_id]': album },
        as: 'Markers',
      },
      {
        method: 'POST',
        path: '/api/v2/filters',
        form: { title: 'x', 'context[]': 'home', filter_action: 'warn', expires_in: '' },
        as: 'Filter',
      },
    ];
    expect(await replayAll(list, headers)).toEqual([]);
  });
});

describe('Ice Cubes', () => {
  // A content type without a body, as URLSession sends what it was told.
  const headers = {
    'user-agent': 'IceCubesApp/1.17 CFNetwork/1568 Darwin/24.0',
    'content-type': 'application/json',
  };

  test('starts', async () => {
    const list: Replayed[] = [
      {
        method: 'POST',
        path: '/api/v1/apps?client_name=IceCubesApp&redirect_uris=icecubesapp%3A%2F%2F&scopes=read%20write%20follow%20push&website=https%3A%2F%2Fgithub.com%2FDimillian%2FIceCubesApp',
        as: 'CredentialApplication',
      },
      { path: '/api/v2/instance', as: 'Instance' },
      { path: '/api/v1/accounts/verify_credentials', as: 'CredentialAccount' },
      { path: '/api/v1/preferences', as: 'Preferences' },
      { path: '/api/v1/lists', as: 'List[]' },
      { path: '/api/v1/followed_tags', as: 'Tag[]' },
      { path: '/api/v2/filters', as: 'Filter[]' },
      { path: '/api/v1/markers?timeline[]=home', as: 'Markers' },
      { path: '/api/v1/custom_emojis', as: 'CustomEmoji[]' },
      { path: '/api/v1/push/subscription', as: 'Error', status: 404 },
    ];
    expect(await replayAll(list, headers)).toEqual([]);
  });

  test('shows its main screens', async () => {
    const list: Replayed[] = [
      { path: '/api/v1/timelines/home?limit=50', as: 'Status[]' },
      { path: `/api/v1/timelines/home?min_id=${world.album}&limit=40`, as: 'Status[]' },
      { path: '/api/v1/timelines/public?local=true&limit=40', as: 'Status[]' },
      { path: '/api/v1/timelines/tag/light?local=false', as: 'Status[]' },
      {
        path: '/api/v2/notifications?limit=30&grouped_types[]=favourite&grouped_types[]=reblog&grouped_types[]=follow&expand_accounts=full',
        as: 'GroupedNotificationsResults',
      },
      { path: '/api/v1/notifications?types[]=mention&limit=30', as: 'Notification[]' },
      { path: '/api/v2/notifications/policy', as: 'NotificationPolicy' },
      { path: '/api/v1/notifications/requests', as: null },
      { path: '/api/v1/conversations', as: 'Conversation[]' },
      { path: '/api/v2/suggestions', as: 'Suggestion[]' },
      { path: '/api/v1/trends/tags?offset=0', as: 'Tag[]' },
      { path: '/api/v1/trends/statuses?offset=0', as: 'Status[]' },
      { path: '/api/v1/trends/links?offset=0', as: null },
      { path: `/api/v1/accounts/${ben}`, as: 'Account' },
      { path: `/api/v1/accounts/${ben}/featured_tags`, as: 'FeaturedTag[]' },
      { path: `/api/v1/accounts/relationships?id[]=${ben}`, as: 'Relationship[]' },
      { path: `/api/v1/accounts/familiar_followers?id[]=${ben}`, as: 'FamiliarFollowers[]' },
      { path: `/api/v1/accounts/${ben}/statuses?exclude_replies=true`, as: 'Status[]' },
      { path: `/api/v1/accounts/${ben}/lists`, as: 'List[]' },
      { path: '/api/v1/tags/light', as: 'Tag' },
      { path: '/api/v2/search?q=ben&type=accounts&offset=0&following=false', as: 'Search' },
      { path: `/api/v1/statuses/${world.album}`, as: 'Status' },
      { path: `/api/v1/statuses/${world.album}/context`, as: 'Context' },
      { path: `/api/v1/statuses/${world.album}/favourited_by`, as: 'Account[]' },
    ];
    expect(await replayAll(list, headers)).toEqual([]);
  });

  test('writes: JSON bodies, and parameters in the query of an empty one', async () => {
    const { album } = world;
    const list: Replayed[] = [
      {
        method: 'POST',
        path: '/api/v1/statuses',
        json: {
          status: 'From Ice Cubes',
          visibility: 'public',
          language: 'en',
          mediaIds: null,
          media_attributes: [],
          sensitive: false,
        },
        as: 'Status',
      },
      { method: 'POST', path: `/api/v1/statuses/${album}/bookmark`, as: 'Status' },
      { method: 'POST', path: `/api/v1/statuses/${album}/unbookmark`, as: 'Status' },
      {
        method: 'POST',
        path: `/api/v1/accounts/${ben}/follow?notify=true&reblogs=true`,
        as: 'Relationship',
      },
      {
        method: 'POST',
        path: `/api/v1/accounts/${ben}/note`,
        json: { comment: 'A friend' },
        as: 'Relationship',
      },
      {
        method: 'POST',
        path: '/api/v1/markers',
        json: { home: { last_read_id: album } },
        as: 'Markers',
      },
      { method: 'POST', path: '/api/v1/tags/light/follow', as: 'Tag' },
      { method: 'POST', path: '/api/v1/tags/light/unfollow', as: 'Tag' },
    ];
    expect(await replayAll(list, headers)).toEqual([]);
  });
});

describe('web clients in the order in which they boot', () => {
  test('Phanpy', async () => {
    const { app } = world;
    const host = await app.request('/.well-known/host-meta');
    expect([host.status, await host.text()]).toEqual([200, expect.stringContaining('lrdd')]);
    const metadata = (await (
      await app.request('/.well-known/oauth-authorization-server')
    ).json()) as { code_challenge_methods_supported: string[] };
    expect(metadata.code_challenge_methods_supported).toEqual(['S256']);
    const nodeinfo = (await (await app.request('/nodeinfo/2.0')).json()) as {
      software: { name: string };
      metadata: object;
    };
    expect(nodeinfo.software.name).toBe('tintype');
    expect(typeof nodeinfo.metadata).toBe('object');
    const list: Replayed[] = [
      { path: '/api/v1/preferences', as: 'Preferences' },
      { path: '/api/v2/instance', as: 'Instance' },
      { path: '/api/v1/accounts/verify_credentials', as: 'CredentialAccount' },
      { path: '/api/v1/timelines/home?limit=20', as: 'Status[]' },
      { path: '/api/v1/followed_tags?limit=200', as: 'Tag[]' },
      { path: '/api/v1/custom_emojis', as: 'CustomEmoji[]' },
      {
        path: '/api/v2/notifications?limit=80&exclude_types[]=follow_request',
        as: 'GroupedNotificationsResults',
      },
      { path: '/api/v1/announcements', as: null },
      { path: '/api/v1/follow_requests?limit=80', as: 'Account[]' },
    ];
    expect(await replayAll(list, { origin: 'https://phanpy.social' })).toEqual([]);
  });

  test('Elk', async () => {
    const list: Replayed[] = [
      {
        method: 'POST',
        path: '/api/v1/apps',
        json: {
          client_name: 'Elk',
          website: 'https://elk.zone',
          redirect_uris:
            'https://elk.zone/api/photos.test/oauth/https%3A%2F%2Felk.zone?origin=https%3A%2F%2Felk.zone',
          scopes: 'read write follow push',
        },
        as: 'CredentialApplication',
      },
      { path: '/nodeinfo/2.0', as: null },
      { path: '/api/v1/preferences', as: 'Preferences' },
      { path: '/api/v2/instance', as: 'Instance' },
      { path: '/api/v1/accounts/verify_credentials', as: 'CredentialAccount' },
      { path: '/api/v1/push/subscription', as: 'Error', status: 404 },
      { path: '/api/v1/followed_tags', as: 'Tag[]' },
      { path: '/api/v1/timelines/home?limit=30', as: 'Status[]' },
      { path: '/api/v1/markers?timeline[]=notifications', as: 'Markers' },
      { path: '/api/v1/notifications?limit=30', as: 'Notification[]' },
    ];
    expect(await replayAll(list, { origin: 'https://elk.zone' })).toEqual([]);
  });
});
