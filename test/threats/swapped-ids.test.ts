import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Person, TestApp } from '#test/harness/app.ts';
import { addressesOf, publishPhoto, type WalkPost } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

setDefaultTimeout(60_000);

/** What may come from elsewhere than JSON, or does not end; the rest of the table is walked. */
const LEFT_OUT = /^\/api\/(docs|v1\/streaming)/;
/** Enough to be taken for a true change by any route that reads words. */
const WORDS = {
  status: 'changed',
  description: 'changed',
  title: 'changed',
  keyword: 'changed',
  phrase: 'changed',
  comment: 'changed',
  domain: 'changed.example',
  scheduled_at: '2099-01-01T00:00:00Z',
  context: ['home'],
  home: { last_read_id: '5' },
  account_ids: [],
  message: 'changed',
  type: 'text',
};

let app: TestApp;
let bob: Person;
let cem: Person;
let posts: WalkPost[];
let own: Record<string, string>;
beforeAll(async () => {
  app = await createMediaApp({ settings: { mode: 'community' }, config: { rates: false } });
  await app.person('ada', 'owner');
  bob = await app.person('bob');
  cem = await app.person('cem');
  posts = [];
  for (const visibility of ['private', 'direct'] as const) {
    posts.push(await publishPhoto(app, bob, visibility));
  }
  const make = async (path: string, json: unknown) => {
    const answer = await app.request(path, { token: bob.token, json });
    expect(`${path} ${answer.status}`).toBe(`${path} 200`);
    return String(((await answer.json()) as { id: string }).id);
  };
  own = {
    list: await make('/api/v1/lists', { title: 'bob-words-list' }),
    filter: await make('/api/v2/filters', {
      title: 'bob-words-filter',
      context: ['home'],
      keywords_attributes: [{ keyword: 'bob-words-keyword' }],
    }),
    scheduled: await make('/api/v1/statuses', {
      status: 'bob-words-later',
      scheduled_at: new Date(app.clock.now() + 86_400_000).toISOString(),
    }),
  };
});
afterAll(() => app.close());

const secrets = () => [
  ...posts.flatMap(({ words, mediaPaths }) => [words, ...mediaPaths]),
  'bob-words-list',
  'bob-words-filter',
  'bob-words-keyword',
  'bob-words-later',
];

async function addresses() {
  const { routes } = await app.app.door();
  const ids = [...posts.flatMap(({ id, mediaId }) => [id, mediaId]), ...Object.values(own)];
  return routes
    .filter(({ path }) => path.startsWith('/api/') && !LEFT_OUT.test(path))
    .flatMap(({ method, path }) =>
      addressesOf(path, { id: ids, name: ['bob'], tag: ['sea'], username: ['bob'] }).map(
        (address) => ({ method, address }),
      ),
    );
}

/** All of bob's that somebody else could have changed. */
async function state(): Promise<string> {
  const read = async (path: string) => {
    const answer = await app.request(path, { token: bob.token });
    return `${path} ${answer.status} ${await answer.text()}`;
  };
  const paths = [
    ...posts.flatMap(({ id, mediaId }) => [`/api/v1/statuses/${id}`, `/api/v1/media/${mediaId}`]),
    ...['lists', 'scheduled_statuses', 'markers?timeline[]=home'].map((path) => `/api/v1/${path}`),
    '/api/v2/filters',
    '/api/pixelfed/v1/app/settings',
  ];
  const states: string[] = [];
  for (const path of paths) states.push(await read(path));
  return states.join('\n');
}

describe('T79: another member, with the ids of somebody’s private things', () => {
  test('reads nothing of them at any route, however it asks', async () => {
    const problems: string[] = [];
    for (const { method, address } of await addresses()) {
      if (method !== 'GET') continue;
      for (const headers of [{}, { accept: 'application/activity+json' }]) {
        const answer = await app.request(address, { token: cem.token, headers });
        const text = await answer.text();
        const told = secrets().find((word) => text.includes(word));
        if (told !== undefined) problems.push(`${address} tells ${told}`);
        if (answer.status >= 500) problems.push(`${address} ${answer.status}`);
      }
    }
    expect(problems).toEqual([]);
  });

  test('changes nothing of them at any route, and is told nothing', async () => {
    const before = await state();
    for (const word of ['bob-words-list', 'bob-words-filter', 'bob-words-later']) {
      expect(before).toContain(word);
    }
    const problems: string[] = [];
    for (const { method, address } of await addresses()) {
      if (method === 'GET') continue;
      const answer = await app.request(address, { method, token: cem.token, json: WORDS });
      const text = await answer.text();
      const told = secrets().find((word) => text.includes(word));
      if (told !== undefined) problems.push(`${method} ${address} tells ${told}`);
      if (answer.status >= 500) problems.push(`${method} ${address} ${answer.status}`);
      const isPost = posts.some(({ id }) => address.includes(`/api/v1/statuses/${id}`));
      if (isPost && answer.status !== 404) problems.push(`${method} ${address} ${answer.status}`);
    }
    expect(problems).toEqual([]);
    expect(await state()).toBe(before);
  });
});
