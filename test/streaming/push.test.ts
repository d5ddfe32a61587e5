import { afterEach, beforeEach, expect, test } from 'bun:test';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { likePost, unlikePost } from '#domain/posts/like.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';
import { createPushService, createReceiver, type Pushed } from './push-service.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
let service: ReturnType<typeof createPushService>;
let receiver: ReturnType<typeof createReceiver>;
const PATH = '/api/v1/push/subscription';

beforeEach(async () => {
  service = createPushService();
  receiver = createReceiver();
  app = await createTestApp({
    settings: { mode: 'community' },
    config: { origin: 'https://photos.test', allowAddresses: ['127.0.0.0/8'] },
  });
  ann = await app.person('ann', 'owner');
  ben = await app.person('ben');
});
afterEach(async () => {
  await app.close();
  await service.close();
});

const ALL = { mention: true, favourite: true, follow: true };
function subscribe(more: object = {}, data: object = { alerts: ALL }) {
  const subscription = { endpoint: service.url('/one'), keys: receiver.keys, ...more };
  return app.request(PATH, { token: ann.token, json: { subscription, data } });
}

async function like(): Promise<void> {
  const { id } = post(app.ctx, ann.viewer, { caption: 'A lake at dawn', mediaIds: [] });
  likePost(app.ctx, ben.viewer.id, id);
  await app.settle();
}

function only(): Pushed {
  const [message] = service.got;
  if (!message || service.got.length > 1) throw new Error(`${service.got.length} messages`);
  return message;
}

test('without a subscription there is none, for every method', async () => {
  for (const method of ['GET', 'PUT']) {
    const answer = await app.request(PATH, { method, token: ann.token });
    expect([answer.status, await answer.json()]).toEqual([404, { error: 'Record not found' }]);
  }
  const gone = await app.request(PATH, { method: 'DELETE', token: ann.token });
  expect([gone.status, await gone.json()]).toEqual([200, {}]);
});

test('an app subscribes, reads it, changes it and ends it; the key is the one of the instance', async () => {
  const made = await subscribe({ standard: true });
  const json = (await made.json()) as Record<string, unknown>;
  expect(made.status).toBe(200);
  expect(json).toMatchObject({ endpoint: service.url('/one'), standard: true, policy: 'all' });
  expect(json.alerts).toMatchObject({ mention: true, favourite: true, reblog: false });
  expect(typeof json.id).toBe('string');
  const instance = await app.request('/api/v2/instance');
  const { configuration } = (await instance.json()) as {
    configuration: { vapid: { public_key: string } };
  };
  expect(json.server_key).toBe(configuration.vapid.public_key);
  expect(Buffer.from(String(json.server_key), 'base64url')).toHaveLength(65);
  const changed = await app.request(PATH, {
    method: 'PUT',
    token: ann.token,
    form: { 'data[alerts][reblog]': '1', 'data[policy]': 'followed' },
  });
  const after = (await changed.json()) as { alerts: Record<string, boolean>; policy: string };
  expect([after.alerts.reblog, after.alerts.favourite, after.policy]).toEqual([
    true,
    false,
    'followed',
  ]);
  await app.request(PATH, { method: 'DELETE', token: ann.token });
  expect((await app.request(PATH, { token: ann.token })).status).toBe(404);
});

test('nobody reads or changes the subscription of another token', async () => {
  await subscribe();
  expect((await app.request(PATH, { token: ben.token })).status).toBe(404);
  await app.request(PATH, { method: 'DELETE', token: ben.token });
  expect((await app.request(PATH, { token: ann.token })).status).toBe(200);
});

test('what could never be sent is refused', async () => {
  const { keys } = receiver;
  const wrong = [
    { endpoint: 'ftp://push.example/x' },
    { endpoint: 'not an address' },
    { endpoint: '' },
    { keys: { ...keys, p256dh: 'AAAA' } },
    { keys: { ...keys, auth: 'AA' } },
    { keys: {} },
  ];
  for (const more of wrong) expect((await subscribe(more)).status).toBe(422);
  expect((await subscribe({}, { policy: 'everybody' })).status).toBe(422);
});

for (const standard of [true, false]) {
  const name = standard ? 'aes128gcm' : 'aesgcm';
  test(`a like arrives at the push service, sealed as ${name} for the app alone`, async () => {
    await subscribe({ standard });
    await like();
    const message = only();
    expect(message.headers.get('content-encoding')).toBe(name);
    expect([message.headers.get('ttl'), message.headers.get('urgency')]).toEqual([
      '172800',
      'normal',
    ]);
    expect(message.body.toString('latin1')).not.toContain('lake');
    expect(receiver.open(message)).toMatchObject({
      access_token: ann.token,
      notification_type: 'favourite',
      preferred_locale: 'en',
      title: '@ben likes your post',
      body: 'A lake at dawn',
    });
    const { notification_id: id, icon } = receiver.open(message);
    expect(typeof id).toBe('number');
    expect(String(icon)).toStartWith('https://photos.test/');
    const shown = await app.request(`/api/v1/notifications/${id}`, { token: ann.token });
    expect(shown.status).toBe(200);
  });
}

test('the request says who sends it, in a token that the public key verifies (RFC 8292)', async () => {
  const made = (await (await subscribe({ standard: true })).json()) as { server_key: string };
  await like();
  const said = /^vapid t=([^,]+), ?k=(\S+)$/.exec(only().headers.get('authorization') ?? '');
  expect(said?.[2]).toBe(made.server_key);
  const [head = '', claims = '', signature = ''] = said?.[1]?.split('.') ?? [];
  const point = Buffer.from(made.server_key, 'base64url');
  const [x = '', y = ''] = [point.subarray(1, 33), point.subarray(33)].map((n) =>
    n.toString('base64url'),
  );
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const isTrue = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  expect(isTrue).toBe(true);
  const claimed = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, string>;
  expect([claimed.sub, claimed.aud]).toEqual([
    'https://photos.test',
    new URL(service.url('/')).origin,
  ]);
});

test('only what was asked for is sent, and only of whom', async () => {
  await subscribe({}, { alerts: { follow: true } });
  await like();
  expect(service.got).toHaveLength(0);
  await subscribe({}, { alerts: ALL, policy: 'followed' });
  await like();
  expect(service.got).toHaveLength(0);
  await subscribe({}, { alerts: ALL, policy: 'none' });
  await like();
  expect(service.got).toHaveLength(0);
  await app.request(`/api/v1/accounts/${ben.viewer.id}/follow`, {
    method: 'POST',
    token: ann.token,
  });
  await subscribe({}, { alerts: ALL, policy: 'followed' });
  await like();
  expect(service.got).toHaveLength(1);
});

test('what was taken back before it was sent is not sent', async () => {
  await subscribe();
  const { id } = post(app.ctx, ann.viewer, { caption: 'Gone', mediaIds: [] });
  likePost(app.ctx, ben.viewer.id, id);
  unlikePost(app.ctx, ben.viewer.id, id);
  await app.settle();
  expect(service.got).toHaveLength(0);
});

for (const status of [404, 410]) {
  test(`a push service that says ${status} is not asked again`, async () => {
    await subscribe();
    service.onPush(() => new Response(null, { status }));
    await like();
    expect((await app.request(PATH, { token: ann.token })).status).toBe(404);
    await like();
    expect(service.got).toHaveLength(1);
  });
}

test('a push service that is busy is asked again later, alone', async () => {
  await subscribe();
  service.onPush(() => new Response(null, { status: 503 }));
  await like();
  const first = service.got.length;
  service.onPush(() => new Response(null, { status: 201 }));
  for (let n = 0; n < 5 && service.got.length === first; n += 1) {
    app.clock.advance(3_600_000);
    await app.settle();
  }
  expect(service.got.length).toBe(first + 1);
  expect((await app.request(PATH, { token: ann.token })).status).toBe(200);
  app.clock.advance(3_600_000);
  await app.settle();
  expect(service.got.length).toBe(first + 1);
});

test('T90: the app of a revoked token is told nothing any more, not even what waited', async () => {
  await subscribe();
  const { id } = post(app.ctx, ann.viewer, { caption: 'Late', mediaIds: [] });
  likePost(app.ctx, ben.viewer.id, id);
  app.ctx.db.query('DELETE FROM access_tokens WHERE account_id = $id').run({ id: ann.viewer.id });
  await app.settle();
  expect(service.got).toHaveLength(0);
});

test('T38: an endpoint inside the own network is never asked, and forgotten', async () => {
  const closed = await createTestApp({ settings: { mode: 'community' } });
  try {
    const owner = await closed.person('ann', 'owner');
    const fan = await closed.person('ben');
    const plain = await closed.request(PATH, {
      token: owner.token,
      json: { subscription: { endpoint: service.url('/in'), keys: receiver.keys } },
    });
    expect(plain.status).toBe(422);
    const endpoint = service.url('/in').replace('http:', 'https:');
    await closed.request(PATH, {
      token: owner.token,
      json: { subscription: { endpoint, keys: receiver.keys }, data: { alerts: ALL } },
    });
    const { id } = post(closed.ctx, owner.viewer, { caption: 'x', mediaIds: [] });
    likePost(closed.ctx, fan.viewer.id, id);
    await closed.settle();
    expect(service.got).toHaveLength(0);
    expect((await closed.request(PATH, { token: owner.token })).status).toBe(404);
  } finally {
    await closed.close();
  }
});

test('the token that messages carry lies nowhere in the clear, and its key is a file of the owner alone', async () => {
  await subscribe();
  const stored = app.ctx.db
    .query<{ sealed: string }, []>('SELECT sealed_token AS sealed FROM push_subscriptions')
    .get();
  expect(stored?.sealed.length).toBeGreaterThan(20);
  app.ctx.db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  expect(readFileSync(app.ctx.files.database).includes(ann.token)).toBe(false);
  expect(statSync(`${app.ctx.files.root}/push.key`).mode & 0o777).toBe(0o600);
});
