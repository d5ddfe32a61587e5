import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Litter, lookAround } from '#app/janitor/look-around.ts';
import type { TestApp } from '#test/harness/app.ts';
import { runSourceVerb } from '#test/harness/source-server.ts';
import { tempDir } from '#test/harness/temp-dir.ts';
import { add, createMediaApp, photo } from '#test/media/world.ts';

setDefaultTimeout(60_000);

let app: TestApp | null = null;
const DAY = 24 * 3_600_000;

afterEach(async () => {
  await app?.close();
  app = null;
});

async function look(world: TestApp): Promise<Record<string, Litter>> {
  const { config, db, files } = world.ctx;
  const found = await lookAround({ config, db, files, now: world.clock.now() });
  return Object.fromEntries(found.map((each) => [each.name, each]));
}

test('a dry run counts what the nightly work then takes, class by class', async () => {
  app = await createMediaApp();
  const { ctx } = app;
  const ada = await app.person('ada', 'owner');
  await add(app, ada.viewer.id, await photo());
  const orphan = join(ctx.files.root, 'media/local/aa', `${'a'.repeat(26)}.jpg`);
  mkdirSync(join(orphan, '..'), { recursive: true });
  writeFileSync(orphan, 'x'.repeat(500));
  writeFileSync(join(ctx.files.tmp, 'left'), 'x'.repeat(30));
  for (const path of [orphan, join(ctx.files.tmp, 'left')]) utimesSync(path, 1, 1);
  ctx.db.run(`INSERT INTO inbox_seen (key, seen_at) VALUES ('old', 1), ('new', ?)`, [ctx.now()]);
  const fresh = await look(app);
  expect(fresh.uploads).toMatchObject({ items: 0, bytes: 0 });
  expect(fresh.orphans).toMatchObject({ items: 1, bytes: 500, by: 'media.sweep' });
  expect(fresh.temp).toMatchObject({ items: 1, bytes: 30 });
  expect(fresh.seen).toMatchObject({ items: 1, bytes: null });

  app.clock.advance(400 * DAY);
  const before = await look(app);
  expect(before.uploads?.items).toBe(1);
  expect(before.uploads?.bytes).toBeGreaterThan(1000);
  expect(before.access?.items).toBeGreaterThan(0);
  const works = new Set(
    Object.values(before).flatMap(({ by, items }) => (by && items ? [by] : [])),
  );
  for (const work of works) await app.app.cron.run(work);
  await app.settle();
  const after = await look(app);
  for (const [name, { by, items }] of Object.entries(after)) {
    if (by !== null) expect(`${name} ${items}`).toBe(`${name} 0`);
  }
  expect(existsSync(orphan)).toBe(false);
});

test('tintype janitor tells what lies beside the data, and leaves it alone', async () => {
  const data = join(tempDir(), 'data');
  await runSourceVerb(
    'account create ada --email a@b.org --owner --password-stdin --data'.split(' ').concat(data),
    { stdin: 'a long password for tests\n' },
  );
  const beside = `${data}.before-restore-20260101T000000Z`;
  mkdirSync(beside);
  writeFileSync(join(beside, 'tintype.db'), 'x'.repeat(2000));
  writeFileSync(join(data, 'tmp', 'left'), 'x');
  utimesSync(join(data, 'tmp', 'left'), 1, 1);
  const dry = await runSourceVerb(['janitor', '--dry-run', '--json', '--data', data]);
  const told = JSON.parse(dry.stdout);
  expect(told).toMatchObject({ format: 1, dryRun: true, done: [] });
  expect(told.found).toContainEqual(
    expect.objectContaining({ name: 'before-restore', bytes: 2000, by: null }),
  );
  expect(existsSync(join(data, 'tmp', 'left'))).toBe(true);
  const real = await runSourceVerb(['janitor', '--data', data]);
  expect(real.code).toBe(0);
  expect(real.stdout).toContain('left alone');
  expect(existsSync(join(data, 'tmp', 'left'))).toBe(false);
  expect(existsSync(beside)).toBe(true);
  rmSync(beside, { recursive: true });
  const nothing = await runSourceVerb(['janitor', '--data', join(data, 'nowhere')]);
  expect(nothing.code).toBe(1);
  expect(nothing.stderr).toContain('There is no Tintype in');
});
