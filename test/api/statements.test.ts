import type { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Person, TestApp } from '#test/harness/app.ts';
import { ask, publish, upload } from '#test/harness/full-world.ts';
import { createMediaApp } from '#test/media/world.ts';

/** How many posts, people or notices a list may hold in this test. */
const SIZES = [1, 10, 40] as const;
type Size = (typeof SIZES)[number];
const LISTS: Readonly<Record<string, (world: World) => string>> = {
  'the home timeline': () => '/api/v1/timelines/home?limit=40',
  'the public timeline': () => '/api/v1/timelines/public?limit=40',
  'a hashtag': () => '/api/v1/timelines/tag/light?limit=40',
  'the posts of an account': ({ ben }) => `/api/v1/accounts/${ben.viewer.id}/statuses?limit=40`,
  'the photos of an account': ({ ben }) =>
    `/api/v1/accounts/${ben.viewer.id}/statuses?only_media=true&limit=40`,
  'a thread': ({ first }) => `/api/v1/statuses/${first}/context`,
  notifications: () => '/api/v1/notifications?limit=40',
  'notifications in groups': () => '/api/v2/notifications?limit=40',
  favourites: () => '/api/v1/favourites?limit=40',
  bookmarks: () => '/api/v1/bookmarks?limit=40',
  followers: ({ ann }) => `/api/v1/accounts/${ann.viewer.id}/followers?limit=80`,
  following: ({ ann }) => `/api/v1/accounts/${ann.viewer.id}/following?limit=80`,
  'who likes a post': ({ first }) => `/api/v1/statuses/${first}/favourited_by`,
  'a list': ({ list }) => `/api/v1/timelines/list/${list}?limit=40`,
  conversations: () => '/api/v1/conversations?limit=40',
  'words found': () => '/api/v2/search?q=morning&type=statuses&limit=40',
  'people found': () => '/api/v2/search?q=person&type=accounts&limit=40',
  trends: () => '/api/v1/trends/statuses?limit=40',
};

type World = { app: TestApp; ann: Person; ben: Person; first: string; list: string };
const worlds = new Map<Size, World>();
beforeAll(async () => {
  for (const size of SIZES) worlds.set(size, await createWorld(size));
}, 120_000);
afterAll(async () => {
  for (const { app } of worlds.values()) await app.close();
});

/** Ben posts so often, so many people comment and like, and follow both ways. */
async function createWorld(size: number): Promise<World> {
  const app = await createMediaApp({ config: { rates: false }, settings: { mode: 'community' } });
  const ann = await app.person('ann', 'owner');
  const ben = await app.person('ben');
  const list = await ask(app, ann, 'POST', '/api/v1/lists', { title: 'Friends' });
  await ask(app, ann, 'POST', `/api/v1/accounts/${ben.viewer.id}/follow`);
  await ask(app, ann, 'POST', `/api/v1/lists/${list.id}/accounts`, {
    account_ids: [String(ben.viewer.id)],
  });
  let first = '';
  for (let each = 0; each < size; each += 1) {
    const person = await app.person(`person${each}`);
    const id = await publish(app, ben, {
      status: `Morning number ${each} #light with @ann`,
      media_ids: [await upload(app, ben, 'A path')],
    });
    first ||= id;
    await publish(app, person, { status: 'Lovely', in_reply_to_id: first });
    await publish(app, person, { status: 'Psst @ann', visibility: 'direct' });
    await ask(app, person, 'POST', `/api/v1/statuses/${first}/favourite`);
    await ask(app, person, 'POST', `/api/v1/accounts/${ann.viewer.id}/follow`);
    await ask(app, ann, 'POST', `/api/v1/accounts/${person.viewer.id}/follow`);
    await ask(app, ann, 'POST', `/api/v1/statuses/${id}/favourite`);
    await ask(app, ann, 'POST', `/api/v1/statuses/${id}/bookmark`);
    await ask(app, ann, 'POST', `/api/v1/statuses/${id}/reblog`);
  }
  await app.settle();
  return { app, ann, ben, first, list: String(list.id) };
}

/** Counts the statements that run while `work` does, whatever prepared them. */
async function countStatements(db: Database, work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const prepare = db.query.bind(db);
  const counted = new Map<unknown, unknown>();
  db.query = ((sql: string) => {
    const statement = prepare(sql);
    // Asked by the clock, not by the request.
    if (/data_version|total_changes/.test(sql)) return statement;
    const known = counted.get(statement);
    if (known !== undefined) return known;
    const watched = new Proxy(statement, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const runs = ['get', 'all', 'run', 'values', 'iterate'].includes(String(name));
        return (...parts: unknown[]) => {
          if (runs) count += 1;
          return Reflect.apply(value, target, parts);
        };
      },
    });
    counted.set(statement, watched);
    return watched;
  }) as typeof db.query;
  try {
    await work();
  } finally {
    db.query = prepare as typeof db.query;
  }
  return count;
}

describe('the statements of a request', () => {
  test.each(Object.keys(LISTS))('are as many for 40 as for 1: %s', async (name) => {
    const cold: number[] = [];
    const warm: number[] = [];
    for (const size of SIZES) {
      const before = worlds.get(size);
      if (!before) throw new Error('No world.');
      // A server that has just started remembers nothing.
      const world = { ...before, app: await before.app.reopen() };
      worlds.set(size, world);
      const { ctx } = world.app;
      const path = LISTS[name]?.(world) ?? '';
      const read = () => world.app.request(path, { token: world.ann.token });
      // The first request of all puts the doors together.
      await world.app.request('/livez');
      cold.push(await countStatements(ctx.db, read));
      // What was remembered of the last answer must not hide what an answer costs.
      ctx.db.run('UPDATE accounts SET created_at = created_at');
      warm.push(await countStatements(ctx.db, read));
      const entries = (await (await read()).text()).match(/"id":/g)?.length ?? 0;
      expect([name, size, entries >= size]).toEqual([name, size, true]);
    }
    expect([name, 'cold', cold]).toEqual([name, 'cold', cold.map(() => cold[0] ?? 0)]);
    expect([name, 'warm', warm]).toEqual([name, 'warm', warm.map(() => warm[0] ?? 0)]);
    expect(cold[0]).toBeLessThan(50);
  });
});
