import { afterEach, expect, test } from 'bun:test';
import { utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomName } from '#base/core/secrets.ts';
import { readMedia } from '#domain/media/reading.ts';
import { sweepMedia } from '#domain/media/sweep.ts';
import { readMeter } from '#domain/storage/meter.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { sweepStorage } from '#domain/storage/sweep.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import type { TestApp } from '#test/harness/app.ts';
import { add, blobFiles, createMediaApp, photo, tempFiles } from '#test/media/world.ts';

const open: TestApp[] = [];
async function world() {
  const app = await createMediaApp();
  open.push(app);
  const ann = await app.person('ann', 'owner');
  return { app, ann: ann.viewer.id };
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});

const HOUR = 3_600_000;

async function strayFile(app: TestApp, ageMs: number): Promise<string> {
  const name = `${randomName(16)}.jpg`;
  const path = app.ctx.files.mediaPath(name);
  await mkdir(dirname(path), { recursive: true });
  writeFileSync(path, 'left behind');
  const at = (app.clock.now() - ageMs) / 1000;
  utimesSync(path, at, at);
  return name;
}

test('T122: files without a row go after an hour, younger ones and named ones stay', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await photo());
  const old = await strayFile(app, 2 * HOUR);
  const young = await strayFile(app, HOUR / 2);
  expect((await verifyStorage(app.ctx)).orphans.sort()).toEqual([old, young].sort());
  const report = await sweepStorage(app.ctx);
  expect(report).toMatchObject({ files: 1, bytes: 11 });
  const left = await blobFiles(app);
  expect(left).toContain(young);
  expect(left).not.toContain(old);
  expect(left).toHaveLength(5);
  expect((await sweepStorage(app.ctx)).files).toBe(0);
  expect(readMedia(app.ctx.db, [media.id])).toHaveLength(1);
});

test('the sweep leaves running uploads alone', async () => {
  const { app, ann } = await world();
  const bytes = await photo(300, 200);
  let done = false;
  const sweeping = (async () => {
    while (!done) await sweepMedia(app.ctx);
  })();
  await Promise.all(Array.from({ length: 10 }, () => add(app, ann, bytes)));
  done = true;
  await sweeping;
  expect(await verifyStorage(app.ctx, { deep: true })).toEqual({
    missing: [],
    changed: [],
    orphans: [],
  });
  expect(await blobFiles(app)).toHaveLength(40);
});

test('an upload that nobody publishes within a day goes with its files', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await photo());
  app.clock.advance(23 * HOUR);
  expect((await sweepMedia(app.ctx)).unattached).toBe(0);
  app.clock.advance(2 * HOUR);
  expect(await sweepMedia(app.ctx)).toMatchObject({ unattached: 1, doomed: 4 });
  expect(readMedia(app.ctx.db, [media.id])).toEqual([]);
  expect(readMeter(app.ctx, ann).usedBytes).toBe(0);
  expect(await blobFiles(app)).toEqual([]);
});

test('temp files of uploads that never ended go after a day', async () => {
  const { app } = await world();
  await Bun.write(app.ctx.files.tempPath(), 'half');
  await sweepStorage(app.ctx);
  expect(tempFiles(app)).toHaveLength(1);
  app.clock.advance(25 * HOUR);
  expect((await sweepStorage(app.ctx)).temp).toBe(1);
  expect(tempFiles(app)).toEqual([]);
});

test('files of an account that was deleted without them are found by the sweep', async () => {
  const { app } = await world();
  const ben = (await app.person('ben')).viewer.id;
  await add(app, ben, await photo());
  app.ctx.db.run(`DELETE FROM accounts WHERE username = 'ben'`);
  app.clock.advance(2 * HOUR);
  expect(await sweepMedia(app.ctx)).toMatchObject({ unused: 4, doomed: 4 });
  expect(await blobFiles(app)).toEqual([]);
  expect(await reconcileUsage(app.ctx)).toEqual([]);
});

test('the check names files that are missing or have other bytes', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await photo());
  const [small, medium] = media.renditions;
  await app.ctx.files.removeMedia(small?.blobName ?? '');
  const path = app.ctx.files.mediaPath(medium?.blobName ?? '');
  const bytes = new Uint8Array(await Bun.file(path).arrayBuffer());
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await Bun.write(path, bytes);
  const missing = [small?.blobName ?? ''];
  expect(await verifyStorage(app.ctx)).toEqual({ missing, changed: [], orphans: [] });
  expect((await verifyStorage(app.ctx, { deep: true })).changed).toEqual([medium?.blobName ?? '']);
});
