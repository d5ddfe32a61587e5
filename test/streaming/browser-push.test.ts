import { afterEach, beforeEach, expect, test } from 'bun:test';
import { endSession, listSessions } from '#domain/accounts/sessions.ts';
import { suspendAccount } from '#domain/membership/suspend.ts';
import { likePost } from '#domain/posts/like.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';
import { createPushService, createReceiver } from './push-service.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
let service: ReturnType<typeof createPushService>;
const receiver = createReceiver();
const PATH = '/settings/push';

beforeEach(async () => {
  service = createPushService();
  app = await createTestApp({
    settings: { mode: 'community' },
    config: { allowAddresses: ['127.0.0.0/8'] },
  });
  ann = await app.person('ann');
  ben = await app.person('ben', 'owner');
});
afterEach(async () => {
  await app.close();
  await service.close();
});

const turnOn = () =>
  app.request(PATH, { as: ann, json: { endpoint: service.url('/b'), keys: receiver.keys } });

async function like(): Promise<void> {
  const { id } = post(app.ctx, ann.viewer, { caption: 'A hill', mediaIds: [] });
  likePost(app.ctx, ben.viewer.id, id);
  await app.settle();
}

test('a browser is told of news until it is turned off, with the page to open and without any token', async () => {
  const before = (await (await app.request(PATH, { as: ann })).json()) as { endpoint: unknown };
  expect(before.endpoint).toBeNull();
  const on = (await (await turnOn()).json()) as { key: string; endpoint: string };
  expect(on.endpoint).toBe(service.url('/b'));
  await like();
  const [message] = service.got;
  if (!message) throw new Error('Nothing came.');
  const said = receiver.open(message);
  expect(said).toMatchObject({ access_token: '', title: '@ben likes your post', body: 'A hill' });
  expect(String(said.url)).toMatch(/\/@ann\/\d+$/);
  await app.request(PATH, { method: 'DELETE', as: ann });
  await like();
  expect(service.got).toHaveLength(1);
});

test('only a session can be told so, and another site cannot', async () => {
  const json = { endpoint: service.url('/b'), keys: receiver.keys };
  expect((await app.request(PATH, { token: ann.token, json })).status).toBe(403);
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  expect((await app.request(PATH, { as: ann, json, headers })).status).toBe(403);
  expect((await app.request(PATH, { as: ann, json: { endpoint: 'x', keys: {} } })).status).toBe(
    422,
  );
});

for (const [why, end] of Object.entries({
  'its session ends': () => {
    for (const { id } of listSessions(app.ctx, ann.viewer.id)) endSession(app.ctx, ann.viewer, id);
  },
  'its account is suspended': () => suspendAccount(app.ctx, 'console', ann.viewer.id),
})) {
  test(`T90: a browser is told nothing any more when ${why}`, async () => {
    await turnOn();
    const { id } = post(app.ctx, ann.viewer, { caption: 'A hill', mediaIds: [] });
    likePost(app.ctx, ben.viewer.id, id);
    end();
    await app.settle();
    expect(service.got).toHaveLength(0);
  });
}

test('the settings say that the switch needs JavaScript until it runs', async () => {
  const page = await (await app.request('/settings/security', { as: ann })).text();
  expect(page).toContain('This works only with JavaScript');
  expect(page).toMatch(/data-push[^>]*data-csrf/);
});
