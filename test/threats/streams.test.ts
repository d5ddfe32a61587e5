import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import { changePassword } from '#domain/accounts/change-password.ts';
import { endSession, listSessions } from '#domain/accounts/sessions.ts';
import { createToken, listTokens, revokeToken } from '#domain/accounts/tokens.ts';
import { suspendAccount } from '#domain/membership/suspend.ts';
import { streamsOf } from '#doors/streaming/streams.ts';
import { PASSWORD, type Person } from '#test/harness/app.ts';
import { openSocket } from '#test/http/raw.ts';
import {
  createStreamWorld,
  type Ear,
  follow,
  listen,
  listenTo,
  publish,
  type StreamWorld,
  settled,
} from '#test/streaming/world.ts';

let world: StreamWorld;
let ann: Person;
let ben: Person;
const lines: string[] = [];

beforeEach(async () => {
  lines.length = 0;
  const write = (level: string) => (text: string, fields?: object) => {
    lines.push(`${level} ${text} ${JSON.stringify(fields ?? {})}`);
  };
  const log = { debug: write('d'), info: write('i'), warn: write('w'), error: write('e') };
  world = await createStreamWorld({ settings: { mode: 'community' }, log });
  ann = await world.person('ann', 'owner');
  ben = await world.person('ben');
});
afterEach(() => world.close());

const count = () => streamsOf(world.ctx).listeners.all.size;

/** Opens server-sent events; answers what comes until the stream ends. */
async function listenToEvents(path: string, headers: Record<string, string>) {
  const answer = await fetch(`${world.url}/api/v1/streaming/${path}`, { headers });
  let text = '';
  const ended = (async () => {
    const decoder = new TextDecoder();
    if (answer.body) for await (const piece of answer.body) text += decoder.decode(piece);
  })();
  return { answer, ended, text: () => text };
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = Bun.sleep(ms).then(() => {
    throw new Error(`Not within ${ms} ms.`);
  });
  return await Promise.race([promise, late]);
}

const bearer = (person: Person) => ({ authorization: `Bearer ${person.token}` });

const endings: Record<string, () => Promise<void> | void> = {
  'its token is revoked': () => {
    for (const { id } of listTokens(world.ctx, ben.viewer.id)) {
      revokeToken(world.ctx, ben.viewer, id);
    }
  },
  'its account is suspended': () => suspendAccount(world.ctx, 'console', ben.viewer.id),
  'its row goes without a word': () => {
    world.ctx.db.query('DELETE FROM access_tokens WHERE account_id = $id').run({
      id: ben.viewer.id,
    });
  },
};
for (const [why, act] of Object.entries(endings)) {
  test(`T90: an open stream ends within a second or so when ${why}`, async () => {
    const ear = await listenTo(world, ben, { stream: 'public' });
    const events = await listenToEvents('public', bearer(ben));
    const other = await listenTo(world, ann, { stream: 'public' });
    expect(count()).toBe(3);
    await act();
    await within(1500, Promise.all([ear.closed, events.ended]));
    expect(count()).toBe(1);
    publish(world, ann, 'After the end');
    await other.heard(({ event }) => event === 'update');
    expect(ear.events()).not.toContain('update');
    expect(events.text()).not.toContain('After');
  });
}

test('T90: a stream by cookie ends with its session, by sign-out or a changed password', async () => {
  const origin = new URL(world.url).origin;
  const headers = { cookie: ben.cookie, origin };
  const first = await listen(world, { headers });
  for (const { id } of listSessions(world.ctx, ben.viewer.id)) {
    endSession(world.ctx, ben.viewer, id);
  }
  await within(1000, first.closed);
  const second = await listen(world, { headers: { cookie: ann.cookie, origin } });
  const input = { current: PASSWORD, password: 'another long password for tests' };
  await changePassword(world.ctx, ann.viewer, { ...input, sessionId: null });
  await within(1000, second.closed);
});

test('T90: a token that runs out takes its streams with it', async () => {
  const raw = createToken(world.ctx, ben.viewer.id, 'short', 'read');
  const ear = await listen(world, { token: raw, query: '?stream=user' });
  await settled(ear);
  world.ctx.db
    .query('UPDATE access_tokens SET expires_at = $now WHERE name = $name')
    .run({ now: world.ctx.now() - 1, name: 'short' });
  await within(1500, ear.closed);
});

test('T102: another site cannot open a stream with the cookie of whoever looks at it', async () => {
  const { origin } = new URL(world.url);
  const refused = [
    { cookie: ben.cookie },
    { cookie: ben.cookie, origin: 'https://evil.example' },
    { cookie: ben.cookie, origin, 'sec-fetch-site': 'same-site' },
    { cookie: ben.cookie, origin: 'null' },
  ];
  for (const headers of refused) {
    await expect(listen(world, { headers })).rejects.toThrow();
  }
  const events = await world.request('/api/v1/streaming/user', {
    headers: { cookie: ben.cookie, origin: 'https://evil.example' },
  });
  expect(events.status).toBe(403);
  // A token is no cookie: apps on other sites speak with it.
  const app = await listen(world, {
    token: ben.token,
    headers: { cookie: ben.cookie, origin: 'https://app.example' },
  });
  expect(count()).toBe(1);
  app.socket.close();
  await app.closed;
});

test('T102: a token in the address or the sub-protocol never reaches the log', async () => {
  const ear = await listen(world, { query: `?access_token=${ben.token}&stream=user` });
  const other = await listen(world, { protocol: ben.token });
  await world.request(`/api/v1/streaming/user?access_token=${ben.token}x`);
  await settled(ear);
  await settled(other);
  expect(lines.filter((line) => line.includes('/api/v1/streaming')).length).toBeGreaterThan(2);
  expect(lines.join('\n')).not.toContain(ben.token);
});

test('T102: a sixth stream of one person is refused, whatever carries them', async () => {
  const ears: Ear[] = [];
  for (let n = 0; n < 3; n += 1) ears.push(await listen(world, { token: ben.token }));
  await listenToEvents('user', bearer(ben));
  await listenToEvents('public', bearer(ben));
  expect(count()).toBe(5);
  await expect(listen(world, { token: ben.token })).rejects.toThrow();
  const sixth = await world.request('/api/v1/streaming/user', { token: ben.token });
  expect([sixth.status, sixth.headers.get('retry-after')]).toEqual([429, '30']);
  await listen(world, { token: ann.token });
  ears[0]?.socket.close();
  await ears[0]?.closed;
  await listen(world, { token: ben.token });
  // All at once: the places are counted when they are taken.
  const crowd = await Promise.allSettled(
    Array.from({ length: 20 }, () => listen(world, { token: ann.token })),
  );
  await Bun.sleep(20);
  expect(crowd.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(21);
  expect(streamsOf(world.ctx).listeners.of(ann.viewer.id).size).toBeLessThanOrEqual(5);
});

test('T102: a client that says too much, too long or nonsense is cut, and nobody else', async () => {
  const loud = await listen(world, { token: ben.token });
  for (let n = 0; n < 200; n += 1) loud.say({ type: 'subscribe', stream: 'list', list: `${n}` });
  expect(await within(2000, loud.closed)).toBe(1008);
  const long = await listen(world, { token: ben.token });
  long.socket.send('x'.repeat(5000));
  await within(2000, long.closed);
  const many = await listen(world, { token: ben.token });
  for (let n = 0; n < 60; n += 1) many.say({ type: 'subscribe', stream: 'hashtag', tag: `t${n}` });
  await settled(many);
  const refused = many.frames.filter(({ error }) => error === 'Too many streams on one connection');
  expect(refused).toHaveLength(10);
});

/** A peer that asks properly and then never reads. */
async function deafPeer(path: string, headers: Record<string, string>): Promise<Socket> {
  const socket = await openSocket(world.port);
  const all = { host: `127.0.0.1:${world.port}`, ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const opened = new Promise((resolve) => socket.once('data', resolve));
  socket.write(`GET ${path} HTTP/1.1\r\n${head.join('')}\r\n`);
  await opened;
  socket.pause();
  return socket;
}

test('T102: whoever never reads is dropped at a bound, and everybody else hears all', async () => {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const path = '/api/v1/streaming?stream=public';
  const deaf = [
    await deafPeer(path, { ...upgrade, ...bearer(ben) }),
    await deafPeer('/api/v1/streaming/public', bearer(ben)),
  ];
  const ear = await listenTo(world, ann, { stream: 'public' });
  expect(count()).toBe(3);
  const words = 'Many words. '.repeat(40);
  const before = process.memoryUsage().rss;
  let posts = 0;
  while (count() > 1 && posts < 4000) {
    for (let n = 0; n < 20; n += 1) publish(world, ann, `${words}${posts++}`);
    streamsOf(world.ctx).settle();
    await Bun.sleep(1);
  }
  expect(count()).toBe(1);
  await ear.heard(() => ear.events().filter((event) => event === 'update').length === posts);
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  for (const socket of deaf) socket.destroy();
}, 60_000);

test('the end of the server ends every stream at once', async () => {
  const ear = await listenTo(world, ben, { stream: 'user' });
  const events = await listenToEvents('user', bearer(ben));
  const started = performance.now();
  await world.app.stop();
  expect(performance.now() - started).toBeLessThan(3000);
  expect(await ear.closed).toBe(1001);
  await events.ended;
});

test('200 listeners hear 100 posts each, and requests are answered meanwhile', async () => {
  const people = await Promise.all(
    Array.from({ length: 40 }, (_, n) => world.person(`reader${n}`)),
  );
  for (const person of people) await follow(world, person, ann);
  const ears = await Promise.all(
    people.flatMap((person) =>
      Array.from({ length: 5 }, () =>
        listen(world, { token: person.token, query: '?stream=user' }),
      ),
    ),
  );
  for (const ear of ears) await settled(ear);
  const started = performance.now();
  let slowest = 0;
  for (let n = 0; n < 100; n += 1) {
    publish(world, ann, `Post ${n}`);
    if (n % 10 !== 0) continue;
    const asked = performance.now();
    await fetch(`${world.url}/livez`);
    slowest = Math.max(slowest, performance.now() - asked);
  }
  const all = (ear: Ear) => ear.events().filter((event) => event === 'update').length === 100;
  streamsOf(world.ctx).settle();
  const told = performance.now() - started;
  await Promise.all(ears.map((ear) => ear.heard(() => all(ear), 30_000)));
  const took = performance.now() - started;
  if (process.env.MEASURE)
    console.log(
      `200 × 100: told in ${Math.round(told)}, heard in ${Math.round(took)} ms, slowest ${slowest}`,
    );
  expect(slowest).toBeLessThan(500);
}, 60_000);
