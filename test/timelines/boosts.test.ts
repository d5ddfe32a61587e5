import { afterAll, beforeAll, expect, test } from 'bun:test';
import { firstPage, type Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { sharePost, unsharePost } from '#domain/posts/share.ts';
import { confirmFollow } from '#domain/relationships/confirm-follow.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { homeTimeline } from '#domain/timelines/home.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { person, receive } from '#test/posts/elsewhere.ts';

let app: TestApp;
let ann: Viewer;
beforeAll(async () => {
  app = await createTestApp({
    config: { origin: 'https://here.example' },
    settings: { mode: 'community' },
  });
  ann = (await app.person('ann', 'owner')).viewer;
});
afterAll(() => app.close());

/** Walks the whole timeline in pages, from the newest down or from the oldest up. */
function walk(way: 'maxId' | 'minId', limit: number): number[] {
  const seen: number[] = [];
  for (let page: Page = { ...firstPage(limit), minId: way === 'minId' ? 0 : null }; ; ) {
    const ids = homeTimeline(app.ctx, ann, page);
    if (ids.length === 0) return seen;
    if (way === 'maxId') seen.push(...ids);
    else seen.unshift(...ids);
    page = { ...firstPage(limit), [way]: way === 'maxId' ? ids.at(-1) : ids[0] };
  }
}

test('boosts stand among posts by their time, each once, whatever the page', () => {
  const { ctx } = app;
  const friends = ['one', 'two', 'three'].map((name) => person(ctx, name));
  const strangers = ['four', 'five'].map((name) => person(ctx, name));
  for (const { id } of friends) {
    followAccount(ctx, ann, id);
    confirmFollow(ctx, ann.id, id);
  }
  const start = ctx.now() - 10_000_000;
  const expected: number[] = [];
  for (let i = 0; i < 90; i += 1) {
    const friend = friends[i % 3];
    const stranger = strangers[i % 2];
    if (!friend || !stranger) continue;
    const publishedAt = start + i * 1000;
    const own = receive(ctx, friend, { publishedAt });
    const far = receive(ctx, stranger, { publishedAt });
    // Everybody boosts what is there anyway; the first boost of something else counts.
    for (const { id } of friends) sharePost(ctx, id, own, { publishedAt: publishedAt + 100 });
    const [first] = friends.map(({ id }, place) =>
      sharePost(ctx, id, far, { publishedAt: publishedAt + 200 + place }),
    );
    expected.push(own, first?.shareId ?? 0);
  }
  const newest = expected.sort((a, b) => b - a);
  for (const limit of [7, 20]) {
    expect(walk('maxId', limit)).toEqual(newest);
    expect(walk('minId', limit)).toEqual(newest);
  }
});

test('a boost that is taken back gives its place to the next one', () => {
  const { ctx } = app;
  const [six, seven] = [person(ctx, 'six'), person(ctx, 'seven')];
  for (const { id } of [six, seven]) {
    followAccount(ctx, ann, id);
    confirmFollow(ctx, ann.id, id);
  }
  const far = receive(ctx, person(ctx, 'eight'));
  const [first, second] = [six, seven].map(({ id }) => sharePost(ctx, id, far)?.shareId ?? 0);
  const top = () =>
    homeTimeline(ctx, ann, firstPage(2)).filter((id) => id === first || id === second);
  expect(top()).toEqual([first ?? 0]);
  unsharePost(ctx, six.id, far);
  expect(top()).toEqual([second ?? 0]);
});
