import { afterAll, beforeAll, expect, test } from 'bun:test';
import { streamsOf } from '#doors/streaming/streams.ts';
import type { Person } from '#test/harness/app.ts';
import { createStreamWorld, publish, type StreamWorld } from './world.ts';

let world: StreamWorld;
let ann: Person;
let ben: Person;

beforeAll(async () => {
  world = await createStreamWorld({ settings: { mode: 'community' } });
  ann = await world.person('ann', 'owner');
  ben = await world.person('ben');
});
afterAll(() => world.close());

/** Opens a stream of server-sent events; `text` waits until something is in it. */
async function listenTo(path: string, person: Person = ben) {
  const ending = new AbortController();
  const answer = await fetch(`${world.url}/api/v1/streaming/${path}`, {
    headers: { authorization: `Bearer ${person.token}` },
    signal: ending.signal,
  });
  let heard = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    try {
      if (answer.body) for await (const piece of answer.body) heard += decoder.decode(piece);
    } catch {
      // Ended by us.
    }
  })();
  const text = async (part: string) => {
    const end = performance.now() + 3000;
    while (!heard.includes(part)) {
      if (performance.now() > end) throw new Error(`"${part}" is not in ${heard.slice(0, 300)}`);
      await Bun.sleep(5);
    }
    return heard;
  };
  const leave = async () => {
    ending.abort();
    await reading;
  };
  return { answer, text, leave };
}

test('server-sent events carry a post under its name, in one line of JSON', async () => {
  const stream = await listenTo('public/local');
  expect(stream.answer.headers.get('content-type')).toStartWith('text/event-stream');
  expect(stream.answer.headers.get('cache-control')).toBe('private, no-store');
  await stream.text(':)');
  publish(world, ann, 'First line\n\nevent: delete\ndata: 1');
  const text = await stream.text('First line');
  const [, data = ''] = /event: update\ndata: (.*)\n\n/.exec(text) ?? [];
  expect(JSON.parse(data).account.username).toBe('ann');
  expect(text).not.toContain('\nevent: delete');
  await stream.leave();
});

test('every stream of the contract has an address, and others are unknown', async () => {
  const paths = ['user', 'user/notification', 'public', 'public/local', 'public/remote', 'direct'];
  for (const path of [...paths, 'hashtag?tag=a', 'hashtag/local?tag=a', 'public?only_media=true']) {
    const stream = await listenTo(path);
    expect(stream.answer.status).toBe(200);
    await stream.leave();
  }
  for (const [path, error] of Object.entries({
    nothing: 'Unknown channel requested',
    'user/nothing': 'Unknown channel requested',
    hashtag: 'Missing tag name parameter',
    list: 'Missing list name parameter',
  })) {
    const answer = await world.request(`/api/v1/streaming/${path}`, { token: ben.token });
    expect([answer.status, await answer.json()]).toEqual([400, { error }]);
  }
  const foreign = await world.request('/api/v1/streaming/list?list=1', { token: ben.token });
  expect(foreign.status).toBe(404);
});

test('strangers get no stream, and HEAD opens none', async () => {
  for (const path of ['user', 'public', 'hashtag?tag=a']) {
    const stranger = await world.request(`/api/v1/streaming/${path}`);
    expect(stranger.status).toBe(401);
    const head = await world.request(`/api/v1/streaming/${path}`, {
      method: 'HEAD',
      token: ben.token,
    });
    expect(head.status).toBe(200);
  }
  await Bun.sleep(50);
  expect(streamsOf(world.ctx).listeners.all.size).toBe(0);
});

test('changed filters are told without words, and a hidden post is not told', async () => {
  const stream = await listenTo('user', ann);
  await stream.text(':)');
  const made = await world.request('/api/v2/filters', {
    token: ann.token,
    json: {
      title: 'No rain',
      context: ['home'],
      filter_action: 'hide',
      keywords_attributes: [{ keyword: 'rain', whole_word: true }],
    },
  });
  expect(made.status).toBe(200);
  await stream.text('event: filters_changed\ndata: undefined\n\n');
  await world.request(`/api/v1/accounts/${ben.viewer.id}/follow`, {
    method: 'POST',
    token: ann.token,
  });
  publish(world, ben, 'Only rain today');
  publish(world, ben, 'Sun again');
  expect(await stream.text('Sun again')).not.toContain('Only rain');
  await stream.leave();
});

test('a direct message is told as a conversation, to those it is for', async () => {
  const stream = await listenTo('direct');
  const other = await listenTo('user', ann);
  await stream.text(':)');
  publish(world, ann, 'Psst @ben', { visibility: 'direct' });
  const text = await stream.text('event: conversation');
  const [, data = ''] = /event: conversation\ndata: (.*)\n\n/.exec(text) ?? [];
  expect(JSON.parse(data)).toMatchObject({ unread: true, last_status: { visibility: 'direct' } });
  publish(world, ann, 'For all');
  expect(await other.text('For all')).not.toContain('Psst');
  await stream.leave();
  await other.leave();
});
