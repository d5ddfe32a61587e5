import type { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { listProfileIds } from '#domain/posts/reading.ts';
import { createTestApp } from '#test/harness/app.ts';

test('the grid of a profile is read from photos alone, however much was written between them', async () => {
  const app = await createTestApp();
  try {
    const { viewer } = await app.person('ada', 'owner');
    const asked: string[] = [];
    const db = new Proxy(app.ctx.db, {
      get: (target, name) =>
        name === 'query'
          ? (sql: string) => {
              asked.push(sql);
              return target.query(sql);
            }
          : Reflect.get(target, name),
    }) as Database;
    const page = { maxId: null, minId: 1, sinceId: null, limit: 24 };
    for (const asker of [null, viewer]) {
      listProfileIds({ ...app.ctx, db }, asker, viewer.id, page, { onlyMedia: true });
    }
    const lists = asked.filter((sql) => sql.includes('p.media_count > 0'));
    expect(lists.length).toBeGreaterThan(0);
    for (const sql of lists) {
      const names = [...new Set(sql.match(/\$\w+/g) ?? [])];
      const values = Object.fromEntries(names.map((name) => [name.slice(1), 1]));
      const plan = app.ctx.db
        .query<{ detail: string }, Record<string, number>>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(values)
        .map(({ detail }) => detail);
      expect(plan.join('\n')).toContain('posts_with_photos (account_id=?');
      expect(plan.join('\n')).not.toContain('TEMP B-TREE FOR ORDER BY');
    }
  } finally {
    await app.close();
  }
});
