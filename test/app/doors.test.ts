import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { createTestApp } from '#test/harness/app.ts';

const root = join(import.meta.dir, '..', '..');

test('every door that is written is open', async () => {
  const table = await Bun.file(join(root, 'src/app/doors.ts')).text();
  const written: string[] = [];
  for await (const path of new Bun.Glob('src/doors/*/*.{ts,tsx}').scan({ cwd: root })) {
    const source = await Bun.file(join(root, path)).text();
    for (const match of source.matchAll(/^export const (\w+) = \(ctx: Context\): AnyElysia/gm)) {
      written.push(match[1] ?? '');
    }
  }
  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((name) => !new RegExp(`^  ${name},$`, 'm').test(table))).toEqual([]);
});

test('the doors are put together when the first request comes, once', async () => {
  const world = await createTestApp();
  const [one, other] = await Promise.all([world.app.door(), world.app.door()]);
  expect(one).toBe(other);
  expect((await world.request('/livez')).status).toBe(200);
  await world.close();
});
