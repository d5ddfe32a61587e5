import { afterAll, expect, test } from 'bun:test';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveSetting } from '#base/db/settings-queries.ts';
import { probeCopy } from '#domain/backup/probe-copy.ts';
import { createTestApp } from '#test/harness/app.ts';
import { createFullWorld } from '#test/harness/full-world.ts';

const place = mkdtempSync(join(tmpdir(), 'tintype-probe-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
const original = join(place, 'original');

const copied = (name: string): string => {
  const copy = join(place, name);
  cpSync(original, copy, { recursive: true });
  return copy;
};

test('a copy is started, looked at as its owner, and ended; nothing in it is worked off', async () => {
  const world = await createFullWorld({ data: original });
  const { db, now } = world.app.ctx;
  saveSetting(db, 'federation.origin', 'https://photos.example.org', now());
  db.run(`INSERT INTO jobs (id, kind, payload, run_at, created_at)
    VALUES (7, 'storage.remove_files', '{}', 0, 0)`);
  await world.app.close();
  const dir = copied('good');

  const report = await probeCopy(dir);
  expect(report.steps.filter((step) => !step.ok)).toEqual([]);
  expect(report).toMatchObject({ ok: true, version: expect.any(String) });
  expect(report.steps.map((step) => step.name)).toEqual([
    'start',
    'ready',
    'sign-in',
    'timeline',
    'photos',
  ]);
  expect(report.steps.at(-1)?.detail).toMatch(/^[1-9]\d* files came out byte for byte/);

  const after = await createTestApp({ data: dir });
  expect(after.ctx.db.query('SELECT state FROM jobs WHERE id = 7').get()).toEqual({
    state: 'waiting',
  });
  await after.close();
});

test('a photo that lost its bytes fails the probe', async () => {
  const dir = copied('damaged');
  const local = join(dir, 'media/local');
  for (const folder of readdirSync(local)) {
    for (const name of readdirSync(join(local, folder))) {
      writeFileSync(join(local, folder, name), 'no photo');
    }
  }
  const report = await probeCopy(dir);
  expect(report.ok).toBe(false);
  expect(report.steps.at(-1)).toMatchObject({ name: 'photos', ok: false });
});

test('what does not start says why', async () => {
  const dir = copied('broken');
  writeFileSync(join(dir, 'tintype.db'), 'no database at all');
  const report = await probeCopy(dir);
  expect(report).toMatchObject({ ok: false, version: null, schema: null });
  expect(report.steps).toHaveLength(1);
  expect(report.steps[0]?.detail).toContain('cannot be opened');

  const nothing = await probeCopy(join(place, 'nothing'));
  expect(nothing.steps[0]?.detail).toContain('There is no database');

  const other = await probeCopy(copied('other'), { command: ['/bin/false'] });
  expect(other.steps[0]).toMatchObject({ name: 'start', ok: false });
});
