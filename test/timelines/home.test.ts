import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Page } from '#base/core/page.ts';
import { firstPage } from '#base/core/page.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { homeTimeline } from '#domain/timelines/home.ts';
import { explainHome, explainHomeBoosts, explainHomeTagged } from '#domain/timelines/queries.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

describe('the home timeline', () => {
  let app: TestApp;
  let ann: Person;
  let bob: Person;
  let ids: number[];
  beforeAll(async () => {
    app = await createTestApp({ settings: { mode: 'community' } });
    ann = await app.person('ann', 'owner');
    bob = await app.person('bob');
    followAccount(app.ctx, ann.viewer, bob.viewer.id);
    ids = Array.from(
      { length: 12 },
      (_, n) => post(app.ctx, (n % 3 ? bob : ann).viewer).id,
    ).reverse();
  });
  afterAll(() => app.close());

  const read = (page: Partial<Page>) =>
    homeTimeline(app.ctx, ann.viewer, { ...firstPage(5), ...page });

  test('is read from the covering index alone, whatever the page', () => {
    for (const page of [firstPage(), { ...firstPage(), minId: 5 }, { ...firstPage(), maxId: 5 }]) {
      const viewer = { viewerId: ann.viewer.id, closed: 0, now: app.ctx.now() };
      const [first = '', ...rest] = explainHome(app.ctx.db, viewer, page);
      expect(first).toMatch(
        /^SEARCH p USING COVERING INDEX posts_at_home \(account_id=\? AND id>\? AND id<\?\)$/,
      );
      expect(rest.filter((line) => line.startsWith('SCAN p'))).toEqual([]);
      const boosts = explainHomeBoosts(app.ctx.db, viewer, page);
      expect(boosts[0]).toMatch(/^SEARCH s USING COVERING INDEX shares_by_account/);
      expect(boosts.filter((line) => /^SCAN (s|o|p)\b/.test(line))).toEqual([]);
      const [tagged = ''] = explainHomeTagged(app.ctx.db, ann.viewer.id, page);
      expect(tagged).toMatch(/^SEARCH pt USING PRIMARY KEY \(tag_id=\? AND post_id>\? AND/);
    }
  });

  test('is paged by max_id, since_id and min_id', () => {
    expect(read({})).toEqual(ids.slice(0, 5));
    expect(read({ maxId: ids[4] ?? 0 })).toEqual(ids.slice(5, 10));
    expect(read({ maxId: (ids[4] ?? 0) - 1 })).toEqual(ids.slice(5, 10));
    expect(read({ sinceId: ids[8] ?? 0 })).toEqual(ids.slice(0, 5));
    expect(read({ minId: ids[8] ?? 0 })).toEqual(ids.slice(3, 8));
    expect(read({ minId: ids[2] ?? 0 })).toEqual(ids.slice(0, 2));
    expect(read({ maxId: ids[4] ?? 0, sinceId: ids[7] ?? 0 })).toEqual(ids.slice(5, 7));
  });

  test('leaves out comments, also those whose post is gone', () => {
    const reply = post(app.ctx, bob.viewer, { inReplyToId: ids[0] ?? 0 });
    expect(read({})).not.toContain(reply.id);
  });

  test('is remembered only until something is written', () => {
    const before = read({});
    expect(read({})).toEqual(before);
    const made = post(app.ctx, bob.viewer);
    expect(read({})[0]).toBe(made.id);
    app.ctx.db.query('DELETE FROM posts WHERE id = $id').run({ id: made.id });
    expect(read({})).toEqual(before);
  });

  test('shows the new state of a post at once, whoever changed it', () => {
    const before = statusesByIds(app.ctx, ann.viewer, ids);
    expect(statusesByIds(app.ctx, ann.viewer, ids)[0]).toBe(before[0] ?? fail());
    const change = (sql: string) => app.ctx.db.run(sql);
    const first = () => statusesByIds(app.ctx, ann.viewer, ids)[0];
    change(`UPDATE accounts SET display_name = 'Bobby' WHERE username = 'bob'`);
    expect(first()?.account.display_name).toBe('Bobby');
    change(`UPDATE media SET description = 'A boat'`);
    expect(first()?.media_attachments[0]?.description).toBe('A boat');
    change(`UPDATE preferences SET show_camera = 1`);
    expect(first()?.media_attachments[0]?.tintype.camera).toEqual([
      { label: 'Camera', value: 'NIKON D70' },
    ]);
    change(`UPDATE posts SET caption_html = '<p>new</p>'`);
    expect(first()?.content).toBe('<p>new</p>');
  });
});

function fail(): never {
  throw new Error('there is no such post');
}

test('in family mode everybody’s public posts are there, followed or not', async () => {
  const app = await createTestApp({ settings: { mode: 'family' } });
  const ann = await app.person('ann', 'owner');
  const bob = await app.person('bob');
  const shared = post(app.ctx, bob.viewer);
  post(app.ctx, bob.viewer, { visibility: 'followers' });
  post(app.ctx, bob.viewer, { visibility: 'unlisted' });
  expect(homeTimeline(app.ctx, ann.viewer, firstPage())).toEqual([shared.id]);
  await app.close();
});
