import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { editPost } from '#domain/posts/edit.ts';
import {
  createTestApp,
  type Person,
  type RequestOptions,
  type TestApp,
} from '#test/harness/app.ts';
import { longestBlock } from '#test/http/event-loop.ts';
import { photo, post } from '#test/posts/world.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

/** The budget of DESIGN.md, milliseconds; the best of some tries counts, since other tests run beside this one. */
const MOST_MS = 50;
const TRIES = 8;

let app: TestApp;
let ann: Person;
let album: number;
let discussed: number;
let edited: number;

const packed = { headers: { 'accept-encoding': 'gzip' } };
const hostile = (mark: string | number) =>
  `${mark} ${'#tag @ben http://a.example/(( & <b> '.repeat(200)}`.slice(0, 5000);
const tags = (mark: string) =>
  Array.from({ length: 2000 }, (_, n) => `#${mark}${n.toString(36)}`)
    .join(' ')
    .slice(0, 5000);

beforeAll(async () => {
  app = await createTestApp({
    config: { rates: false, origin: 'http://photos.example.org' },
  });
  ann = await app.person('ann', 'owner');
  const ben = await app.person('ben');
  const { ctx } = app;
  for (let n = 0; n < 20; n += 1) {
    const mediaIds = Array.from({ length: 20 }, () => photo(ctx, ann.viewer.id, '😀'.repeat(1500)));
    album = post(ctx, ann.viewer, { caption: hostile(n), mediaIds }).id;
  }
  discussed = post(ctx, ann.viewer, { caption: hostile('discussed') }).id;
  for (let n = 0; n < 200; n += 1) {
    post(ctx, ben.viewer, { caption: hostile(n), inReplyToId: discussed });
  }
  for (let n = 0; n < 10; n += 1) slowness();
  edited = post(ctx, ann.viewer, { caption: 'first' }).id;
  for (let n = 0; n < 300; n += 1) editPost(ctx, ann.viewer, edited, { caption: hostile(n) });
}, 120_000);
afterAll(() => app.close());

describe('T125: no request holds the server up', () => {
  const cases: Record<string, () => [string, RequestOptions?]> = {
    'a home page of twenty albums': () => ['/', { as: ann }],
    'the same for an app': () => ['/api/v1/timelines/home?limit=40', { as: ann }],
    'a profile of albums, packed': () => ['/@ann', packed],
    'a feed of albums, packed': () => ['/@ann.atom', packed],
    'an album with long alt texts, packed': () => [`/@ann/${album}`, packed],
    'a post with two hundred long comments, packed': () => [`/@ann/${discussed}`, packed],
    'the same for an app ': () => [`/api/v1/statuses/${discussed}/context`],
    'the history of a post that was edited three hundred times': () => [`/@ann/${edited}/history`],
    'the same history for an app': () => [`/api/v1/statuses/${edited}/history`],
    'a caption of links': () => say({ status: hostile('new') }),
    'a caption of hashtags': () => say({ status: tags('t') }),
    'a caption of mentions': () => say({ status: '@ben '.repeat(1000) }),
    'a caption of open brackets': () => say({ status: 'http://a.b/{'.repeat(416) }),
    'a caption of schemes': () => say({ status: 'http://'.repeat(714) }),
    'a caption of combining marks': () => say({ status: `#a${'\u0301'.repeat(4990)}` }),
    'a caption of a mebibyte': () => say({ status: 'http://a.b/{'.repeat(80_000) }),
    'a very long message to one person': () =>
      say({ status: 'http://a.b/{'.repeat(8000), visibility: 'direct' }),
    'a very long alt text': () => [
      `/api/v1/statuses/${album}`,
      {
        method: 'PUT',
        as: ann,
        json: { media_attributes: [{ id: '1', description: 'a'.repeat(90_000) }] },
      },
    ],
    'a cookie of six thousand pairs': () => [
      '/',
      { headers: { cookie: 'session=a;'.repeat(6000) } },
    ],
    'headers of spaces': () => [
      '/',
      {
        headers: {
          authorization: `Bearer${' '.repeat(30_000)}x`,
          'accept-encoding': `br${' '.repeat(30_000)}`,
          range: `bytes=${' '.repeat(30_000)}`,
          'if-none-match': `${'"a",'.repeat(7000)}`,
        },
      },
    ],
    'a query of a thousand brackets': () => [`/?${'a[]=b&'.repeat(990)}`],
  };
  for (const [name, ask] of Object.entries(cases)) {
    test(name, async () => {
      const once = async () => {
        // A write, so that nothing is remembered and every page is drawn anew.
        app.ctx.db.run('UPDATE settings SET updated_at = updated_at + 1');
        const [path, how] = ask();
        await (await app.request(path, how)).arrayBuffer();
      };
      await once();
      let best = Number.POSITIVE_INFINITY;
      for (let n = 0; n < TRIES && best >= MOST_MS; n += 1) {
        best = Math.min(best, (await longestBlock(once)) / slowness());
      }
      expect(best).toBeLessThan(MOST_MS);
    });
  }

  test('the history of a post is no longer than its newest hundred states', async () => {
    const answer = await app.request(`/api/v1/statuses/${edited}/history`);
    const states = (await answer.json()) as { content: string }[];
    expect(states.length).toBe(101);
    expect(states.at(-1)?.content).toContain('299 ');
    expect(states.at(-2)?.content).toContain('298 ');
  });
});

let fastest = Number.POSITIVE_INFINITY;

/** How much longer a fixed piece of work takes now than at its quickest: what other programs cost us. */
function slowness(): number {
  const started = performance.now();
  let text = '';
  for (let n = 0; n < 40; n += 1)
    text = JSON.stringify(Array.from({ length: 2000 }, () => text.length));
  const took = performance.now() - started;
  fastest = Math.min(fastest, took);
  return took / fastest;
}

function say(json: Record<string, unknown>): [string, RequestOptions] {
  return ['/api/v1/statuses', { as: ann, json }];
}
