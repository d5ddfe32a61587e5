import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { firstPage, type Page } from '#base/core/page.ts';
import { publicTimeline } from '#domain/timelines/public.ts';
import { explainPublic } from '#domain/timelines/public-queries.ts';
import { statusListText } from '#doors/entities/status-cache.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

describe('the public timeline', () => {
  let app: TestApp;
  let ann: Person;
  let bob: Person;
  let ids: number[];
  beforeAll(async () => {
    app = await createTestApp({ settings: { mode: 'community' } });
    ann = await app.person('ann', 'owner');
    bob = await app.person('bob');
    ids = Array.from({ length: 8 }, () => post(app.ctx, bob.viewer).id).reverse();
    // Every other one came from elsewhere.
    app.ctx.db
      .query(`UPDATE posts SET uri = 'https://far.example/' || id
        WHERE id IN (SELECT value FROM json_each($ids))`)
      .run({ ids: JSON.stringify(ids.filter((_, n) => n % 2 === 1)) });
  });
  afterAll(() => app.close());

  const read = (page: Partial<Page>, filter = {}) =>
    publicTimeline(app.ctx, ann.viewer, { ...firstPage(3), ...page }, filter);

  test('is read from an index, newest first, whatever the page and the statistics', () => {
    app.ctx.db.run('ANALYZE');
    for (const page of [firstPage(), { ...firstPage(), minId: 5 }, { ...firstPage(), maxId: 5 }]) {
      for (const [viewerId, filter, index] of [
        [ann.viewer.id, {}, 'posts_public (id>? AND id<?)'],
        [ann.viewer.id, { local: true }, 'posts_public_from (<expr>=? AND id>? AND id<?)'],
        [ann.viewer.id, { remote: true }, 'posts_public_from (<expr>=? AND id>? AND id<?)'],
        [0, { onlyMedia: true }, 'posts_public_from (<expr>=? AND id>? AND id<?)'],
      ] as const) {
        const viewer = { viewerId, closed: 0, now: app.ctx.now() };
        const plan = explainPublic(app.ctx.db, viewer, page, filter);
        expect(plan[0]).toBe('CO-ROUTINE c');
        expect(plan[1]).toBe(`SEARCH c USING INDEX ${index}`);
        expect(plan.filter((line) => /TEMP B-TREE|^SCAN (p|a)\b/.test(line))).toEqual([]);
      }
    }
  });

  test('is paged by max_id, since_id and min_id', () => {
    expect(read({})).toEqual(ids.slice(0, 3));
    expect(read({ maxId: ids[2] ?? 0 })).toEqual(ids.slice(3, 6));
    expect(read({ minId: ids[5] ?? 0 })).toEqual(ids.slice(2, 5));
    expect(read({ sinceId: ids[5] ?? 0 })).toEqual(ids.slice(0, 3));
  });

  test('tells apart what is from here and from elsewhere', () => {
    const side = (rest: number) => ids.filter((_, n) => n % 2 === rest).slice(0, 3);
    expect(read({}, { local: true })).toEqual(side(0));
    expect(read({}, { remote: true })).toEqual(side(1));
    expect(read({}, { local: true, remote: true })).toEqual([]);
    expect(publicTimeline(app.ctx, null, firstPage(3))).toEqual(side(0));
    expect(publicTimeline(app.ctx, null, firstPage(3), { remote: true })).toEqual([]);
  });

  test('is the same text until something is written, and another right after', () => {
    const text = () => statusListText(app.ctx, ann.viewer, ids);
    const before = text();
    expect(text()).toBe(before);
    app.ctx.db.run(`UPDATE accounts SET display_name = 'Bobby' WHERE username = 'bob'`);
    expect(text()).toContain('"display_name":"Bobby"');
    expect(statusListText(app.ctx, null, ids)).not.toBe('[]');
    app.ctx.db.run(`UPDATE posts SET visibility = 'self'`);
    expect(text()).toBe('[]');
  });
});
