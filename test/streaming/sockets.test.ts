import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createToken } from '#domain/accounts/tokens.ts';
import { archivePost } from '#domain/posts/archive.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { editPost } from '#domain/posts/edit.ts';
import { sharePost, unsharePost } from '#domain/posts/share.ts';
import type { Person } from '#test/harness/app.ts';
import { photo } from '#test/posts/world.ts';
import {
  createStreamWorld,
  follow,
  listen,
  listenTo,
  publish,
  type StreamWorld,
  settled,
  wordsHeard,
} from './world.ts';

let world: StreamWorld;
let ann: Person;
let ben: Person;
let cat: Person;

beforeAll(async () => {
  world = await createStreamWorld({ settings: { mode: 'community' } });
  ann = await world.person('ann', 'owner');
  ben = await world.person('ben');
  cat = await world.person('cat');
  await follow(world, ben, ann);
});
afterAll(() => world.close());

test('a WebSocket opens by header, sub-protocol (echoed as it was), address or cookie', async () => {
  const { host } = new URL(world.url);
  const ways = [
    { token: ann.token },
    { protocol: ann.token },
    { query: `?access_token=${ann.token}` },
    { headers: { cookie: ann.cookie, origin: `http://${host}` } },
  ];
  for (const way of ways) {
    const ear = await listen(world, way);
    expect(ear.socket.protocol).toBe('protocol' in way ? ann.token : '');
    ear.say({ type: 'subscribe', stream: 'user' });
    await settled(ear);
    ear.socket.close();
    await ear.closed;
  }
});

test('a bad token is refused with 401 before the upgrade, and without an upgrade there is nothing', async () => {
  const path = '/api/v1/streaming';
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  for (const more of [{ 'sec-websocket-protocol': 'guessed' }, { authorization: 'Bearer x' }, {}]) {
    const answer = await fetch(`${world.url}${path}`, { headers: { ...upgrade, ...more } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ error: 'The access token is invalid' });
  }
  const plain = await world.request(path, { token: ann.token });
  expect([plain.status, await plain.json()]).toEqual([404, { error: 'Record not found' }]);
  const health = await world.request(`${path}/health`);
  expect([health.status, await health.text()]).toEqual([200, 'OK']);
});

test('one connection carries several streams, and a post comes once to each', async () => {
  const ear = await listen(world, { token: ben.token, query: '?stream=user' });
  ear.say({ type: 'subscribe', stream: 'public' });
  ear.say({ type: 'subscribe', stream: 'public' });
  ear.say({ type: 'subscribe', stream: 'hashtag', tag: 'Cats' });
  ear.say({ type: 'subscribe', stream: 'public:local:media' });
  await settled(ear);
  publish(world, ann, 'Two #cats');
  await ear.heard(({ stream }) => stream?.[0] === 'hashtag');
  const updates = ear.frames.filter(({ event }) => event === 'update');
  expect(updates.map(({ stream }) => stream.join('/')).sort()).toEqual([
    'hashtag/Cats',
    'public',
    'user',
  ]);
  ear.say({ type: 'unsubscribe', stream: 'public' });
  ear.say({ type: 'unsubscribe', stream: 'hashtag', tag: 'cats' });
  await settled(ear);
  ear.frames.length = 0;
  publish(world, ann, 'One more #cats');
  await ear.heard(({ event }) => event === 'update');
  expect(ear.frames.filter(({ event }) => event === 'update')).toHaveLength(1);
  ear.socket.close();
  await ear.closed;
});

test('a mistake is answered with a frame, and the connection stays', async () => {
  const ear = await listen(world, { token: ben.token });
  for (const line of [
    { type: 'subscribe', stream: 'everything' },
    { type: 'subscribe', stream: 'constructor' },
    { type: 'subscribe', stream: 'hashtag' },
    { type: 'subscribe', stream: 'list', list: '1' },
    { type: 'subscribe', stream: ['user'] },
  ]) {
    ear.say(line);
  }
  ear.socket.send('{"type":');
  ear.socket.send('[]');
  await settled(ear);
  expect(ear.frames.map(({ error }) => error)).toEqual([
    'Unknown stream type',
    'Unknown stream type',
    'Missing tag name parameter',
    'Record not found',
    'Unknown stream type',
    'Invalid message',
    'Invalid message',
    'Unknown message type',
  ]);
  ear.socket.close();
  await ear.closed;
});

test('edits, deletes, boosts and their end come as REST would show them', async () => {
  const ear = await listenTo(world, ben, { stream: 'user' });
  const post = publish(world, ann, 'First words');
  await ear.heard(({ event }) => event === 'update');
  editPost(world.ctx, ann.viewer, post.id, { caption: 'Better words' });
  const edited = await ear.heard(({ event }) => event === 'status.update');
  expect((edited.payload as { content_text: string }).content_text).toBe('Better words');
  deletePost(world.ctx, ann.viewer, post.id);
  const gone = await ear.heard(({ event }) => event === 'delete');
  expect(gone.payload).toBe(String(post.id));

  const foreign = publish(world, cat, 'By somebody else');
  const shared = sharePost(world.ctx, ann.viewer.id, foreign.id);
  const boost = await ear.heard(
    ({ payload }) => (payload as { id?: string })?.id === String(shared?.shareId),
  );
  expect((boost.payload as { reblog: { id: string } }).reblog.id).toBe(String(foreign.id));
  unsharePost(world.ctx, ann.viewer.id, foreign.id);
  await ear.heard(({ payload }) => payload === String(shared?.shareId));
  ear.socket.close();
  await ear.closed;
});

test('an archived post is gone from every list that showed it, also for who came later', async () => {
  const post = publish(world, ann, 'Soon away');
  const hidden = publish(world, ann, 'Never seen', { visibility: 'self' });
  const reader = await listenTo(world, ben, { stream: 'user' });
  const stranger = await listenTo(world, cat, { stream: 'public' });
  archivePost(world.ctx, ann.viewer, hidden.id);
  archivePost(world.ctx, ann.viewer, post.id);
  for (const ear of [reader, stranger]) {
    await ear.heard(({ event, payload }) => event === 'delete' && payload === String(post.id));
    expect(ear.frames.some(({ payload }) => payload === String(hidden.id))).toBe(false);
    ear.socket.close();
    await ear.closed;
  }
});

test('notifications come to user and to user:notification, each under its own name', async () => {
  const ear = await listenTo(world, ann, { stream: 'user' });
  ear.say({ type: 'subscribe', stream: 'user:notification' });
  await settled(ear);
  const post = publish(world, ann, 'Like me');
  await world.request(`/api/v1/statuses/${post.id}/favourite`, {
    method: 'POST',
    token: cat.token,
  });
  await ear.heard(({ stream }) => stream?.[0] === 'user:notification');
  const told = ear.frames.filter(({ event }) => event === 'notification');
  expect(told.map(({ stream }) => stream)).toEqual([['user'], ['user:notification']]);
  const payload = told[0]?.payload as { type: string; account: { username: string } };
  expect([payload.type, payload.account.username]).toEqual(['favourite', 'cat']);
  ear.socket.close();
  await ear.closed;
});

test('nobody hears what their lists would not show', async () => {
  const ears = [
    await listenTo(world, cat, { stream: 'user' }),
    await listenTo(world, cat, { stream: 'public' }),
  ];
  const own = await listenTo(world, ben, { stream: 'user' });
  publish(world, ann, 'For followers', { visibility: 'followers' });
  publish(world, ann, 'For me', { visibility: 'self' });
  publish(world, ann, 'Unlisted', { visibility: 'unlisted' });
  publish(world, ann, 'To @cat', { visibility: 'direct' });
  await own.heard(
    ({ payload }) => (payload as { content_text?: string })?.content_text === 'Unlisted',
  );
  for (const ear of ears) expect(await wordsHeard(world, ear)).toEqual([]);
  expect(await wordsHeard(world, own)).toEqual(['For followers', 'Unlisted']);
  for (const ear of [...ears, own]) {
    ear.socket.close();
    await ear.closed;
  }
});

test('a delete does not tell strangers of posts that they could not see', async () => {
  const stranger = await listenTo(world, cat, { stream: 'public' });
  const post = publish(world, ann, 'Hidden', { visibility: 'followers' });
  deletePost(world.ctx, ann.viewer, post.id);
  const open = publish(world, ann, 'Seen');
  deletePost(world.ctx, ann.viewer, open.id);
  await stranger.heard(({ payload }) => payload === String(open.id));
  expect(stranger.frames.some(({ payload }) => payload === String(post.id))).toBe(false);
  stranger.socket.close();
  await stranger.closed;
});

test('T89: a stream asks for the scope of what it carries', async () => {
  const only = createToken(world.ctx, ben.viewer.id, 'bell', 'read:notifications');
  const ear = await listen(world, { token: only });
  ear.say({ type: 'subscribe', stream: 'user' });
  ear.say({ type: 'subscribe', stream: 'public' });
  ear.say({ type: 'subscribe', stream: 'user:notification' });
  await settled(ear);
  expect(ear.frames.map(({ error }) => error)).toEqual([
    'Access token does not have the required scopes',
    'Unknown message type',
  ]);
  publish(world, ann, 'Not for the bell');
  expect(await wordsHeard(world, ear)).toEqual([]);
  ear.socket.close();
  await ear.closed;
  const write = createToken(world.ctx, ben.viewer.id, 'pen', 'write');
  const refused = await world.request('/api/v1/streaming/user', { token: write });
  expect(refused.status).toBe(403);
});

test('what an app hears of names pictures that it can load, what a page hears those of the page', async () => {
  const app = await listenTo(world, ben, { stream: 'user' });
  const page = await listen(world, { headers: { cookie: ben.cookie, origin: world.url } });
  page.say({ type: 'subscribe', stream: 'user' });
  await settled(page);
  const made = photo(world.ctx, ann.viewer.id, 'A gate');
  publish(world, ann, 'For friends', { mediaIds: [made], visibility: 'followers' });
  const urls: string[] = [];
  for (const ear of [app, page]) {
    const { payload } = await ear.heard(({ event }) => event === 'update');
    const { media_attachments } = payload as { media_attachments: { url: string }[] };
    urls.push(new URL(media_attachments[0]?.url ?? '').pathname);
    ear.socket.close();
    await ear.closed;
  }
  expect(urls[0]).toStartWith('/media/as/');
  expect(urls[1]).not.toContain('/as/');
});
