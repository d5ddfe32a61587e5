import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { transaction } from '#base/db/transaction.ts';
import { followTag } from '#domain/posts/followed-tags.ts';
import { blockAccount } from '#domain/relationships/block.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { hideDomain } from '#domain/relationships/hide-domain.ts';
import { enlist, makeList } from '#domain/relationships/lists.ts';
import { muteAccount } from '#domain/relationships/mute.ts';
import { insertFollow } from '#domain/relationships/queries.ts';
import { changeSetting } from '#domain/settings.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { person } from '#test/posts/elsewhere.ts';
import { post } from '#test/posts/world.ts';

const MANY = 23;

let app: TestApp;
let ann: Person;
/** Every list, with what must be in it, in its order. */
const lists: Record<string, string[]> = {};
beforeAll(async () => {
  app = await createTestApp({ config: { origin: 'https://here.example', rates: false } });
  const { ctx } = app;
  changeSetting(ctx, 'mode', 'community');
  ann = await app.person('ann', 'owner');
  const bob = await app.person('bob');
  const crowd = Array.from({ length: MANY }, (_, n) => person(ctx, `p${n}`).id);
  const newest = [...crowd].sort((a, b) => b - a).map(String);
  const list = makeList(ctx, ann.viewer, { title: 'All', repliesPolicy: 'none', exclusive: 0 });
  followAccount(ctx, ann.viewer, bob.viewer.id);
  const posts: number[] = [];
  const domains: string[] = [];
  const tags: string[] = [];
  transaction(ctx.db, () => {
    for (const [n, id] of crowd.entries()) {
      const now = ctx.now();
      muteAccount(ctx, bob.viewer, id, { notifications: true, duration: null });
      blockAccount(ctx, bob.viewer.id, id);
      insertFollow(ctx.db, {
        followerId: ann.viewer.id,
        followeeId: id,
        state: 'accepted',
        createdAt: now,
      });
      insertFollow(ctx.db, {
        followerId: id,
        followeeId: ann.viewer.id,
        state: 'accepted',
        createdAt: now,
      });
      posts.push(post(ctx, bob.viewer, { caption: '#walk' }).id);
      hideDomain(ctx, bob.viewer, `d${n}.example`);
      domains.unshift(`d${n}.example`);
      followTag(ctx, bob.viewer, `walk${n}`);
      tags.unshift(`walk${n}`);
    }
  });
  enlist(ctx, ann.viewer, list.id, [...crowd, bob.viewer.id]);
  const shown = posts.reverse().map(String);
  const people = [...newest, String(bob.viewer.id)].sort((a, b) => Number(b) - Number(a));
  Object.assign(lists, {
    [`ann /api/v1/accounts/${ann.viewer.id}/followers`]: newest,
    [`ann /api/v1/accounts/${ann.viewer.id}/following`]: people,
    [`ann /api/v1/lists/${list.id}/accounts`]: people,
    [`ann /api/v1/timelines/list/${list.id}`]: shown,
    [`ann /api/v1/accounts/${bob.viewer.id}/statuses`]: shown,
    'ann /api/v1/timelines/home': shown,
    'ann /api/v1/timelines/public': shown,
    'ann /api/v1/timelines/tag/walk': shown,
    'ann /api/v1/timelines/tag/walk?any[]=other': shown,
    'bob /api/v1/mutes': newest,
    'bob /api/v1/blocks': newest,
    'bob /api/v1/domain_blocks': domains,
    'bob /api/v1/followed_tags': tags,
  });
  tokens = { ann: ann.token, bob: bob.token };
});
let tokens: Record<string, string> = {};
afterAll(() => app.close());

/** What stands in a page, and where its `Link` header leads. */
async function read(who: string, path: string) {
  const answer = await app.request(path, { token: tokens[who] ?? '' });
  expect(answer.status).toBe(200);
  const list = (await answer.json()) as ({ id: string; name?: string } | string)[];
  const names = list.map((each) => {
    if (typeof each === 'string') return each;
    return path.includes('followed_tags') ? (each.name ?? '') : each.id;
  });
  const links = answer.headers.get('link') ?? '';
  const to = (rel: string) => new RegExp(`<([^>]*)>; rel="${rel}"`).exec(links)?.[1];
  return { names, next: to('next'), prev: to('prev') };
}

const start = (path: string, limit: number) =>
  `${path}${path.includes('?') ? '&' : '?'}limit=${limit}`;

test('every list is walked down without a gap or a double, whatever the size of its pages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (limit) => {
      for (const [key, expected] of Object.entries(lists)) {
        const [who = '', path = ''] = key.split(' ');
        const seen: string[] = [];
        let at: string | undefined = start(path, limit);
        while (at !== undefined) {
          const page = await read(who, at);
          seen.push(...page.names);
          expect(page.next === undefined).toBe(page.names.length < limit);
          at = page.next;
        }
        expect([key, limit, seen]).toEqual([key, limit, expected]);
      }
    }),
    { numRuns: 4, examples: [[1], [MANY], [MANY + 1]] },
  );
}, 60_000);

test('and up again from its end', async () => {
  for (const [key, expected] of Object.entries(lists)) {
    const [who = '', path = ''] = key.split(' ');
    const seen: string[] = [];
    let at: string | undefined = start(`${path}${path.includes('?') ? '&' : '?'}min_id=1`, 7);
    while (at !== undefined) {
      const page = await read(who, at);
      seen.unshift(...page.names);
      at = page.prev;
    }
    expect([key, seen]).toEqual([key, expected]);
  }
}, 60_000);

test('lists of people go on by `cursor` as by `max_id`, also as Pixelfed’s app sends it', async () => {
  const path = `/api/v1/accounts/${ann.viewer.id}/followers`;
  const first = await read('ann', start(path, 5));
  const next = first.next ?? '';
  const second = (await read('ann', next)).names;
  expect(second).toEqual(lists[`ann ${path}`]?.slice(5, 10) ?? []);
  const cursor = new URL(next).searchParams.get('cursor');
  expect((await read('ann', `${path}?limit=5&cursor=${cursor}`)).names).toEqual(second);
  const whole = `${path}?_pe=1&limit=5&cursor=${next}`;
  expect((await read('ann', whole)).names).toEqual(second);
});
