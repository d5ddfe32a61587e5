import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backUp } from '#domain/backup/back-up.ts';
import { readBusy } from '#domain/backup/busy.ts';
import { checkOneBackup } from '#domain/backup/check-one-backup.ts';
import { listRuns } from '#domain/backup/run-queries.ts';
import { holdRemoval } from '#domain/storage/hold-removal.ts';
import { removeBlobs } from '#domain/storage/remove.ts';
import { sweepStorage } from '#domain/storage/sweep.ts';
import { createBackupWorld, storeFile, storeFiles } from '#test/backup/world.ts';

// Children and key derivation take their time on a busy machine.
setDefaultTimeout(60_000);

const world = await createBackupWorld();
afterAll(() => world.close());
const { ctx } = world.app;

test('a backup goes on while photos come and go, and what was deleted meanwhile is whole in it', async () => {
  const names = await storeFiles(world.app, 200, 20_000);
  const running = backUp(ctx);
  let deleted = 0;
  let longest = 0;
  while (readBusy(ctx.db) === null) await Bun.sleep(1);
  while (readBusy(ctx.db) !== null) {
    const begun = performance.now();
    await storeFile(world.app, crypto.getRandomValues(new Uint8Array(1000)));
    const name = names[deleted];
    if (name !== undefined) {
      ctx.db.transaction(() => removeBlobs(ctx, [name]))();
      deleted += 1;
    }
    await world.app.settle();
    await sweepStorage(ctx, { orphanAge: 0 });
    longest = Math.max(longest, performance.now() - begun);
    await Bun.sleep(2);
  }
  const { backups, failures } = await running;
  expect(failures).toEqual([]);
  expect(backups[0]).toMatchObject({ missingCount: 0, verify: { ok: true, problems: [] } });
  // The files stayed as long as they were needed, and are gone now.
  await world.app.settle();
  for (const name of names.slice(0, deleted))
    expect(existsSync(ctx.files.mediaPath(name))).toBe(false);
  expect((await checkOneBackup(ctx, { target: world.target, name: null })).ok).toBe(true);
  expect(deleted).toBeGreaterThan(10);
  expect(longest).toBeLessThan(5000);
}, 60_000);

test('files of deleted photos stay while they are held, and go afterwards', async () => {
  const [name = ''] = await storeFiles(world.app, 1);
  const release = holdRemoval(ctx.db);
  ctx.db.transaction(() => removeBlobs(ctx, [name]))();
  await world.app.settle();
  await sweepStorage(ctx, { orphanAge: -1000 });
  expect(existsSync(ctx.files.mediaPath(name))).toBe(true);
  release();
  release();
  await sweepStorage(ctx);
  expect(existsSync(ctx.files.mediaPath(name))).toBe(false);
});

test('only one backup is made at a time', async () => {
  const first = backUp(ctx);
  await expect(backUp(ctx)).rejects.toThrow('at the moment');
  expect((await first).failures).toEqual([]);
}, 30_000);

test('a place that was emptied is not filled anew unless that is said', async () => {
  const aside = `${world.to}-aside`;
  renameSync(world.to, aside);
  const { failures, backups } = await backUp(ctx);
  expect(backups).toEqual([]);
  expect(failures[0]?.problem).toContain('Is the disk connected?');
  const banner = ctx.db
    .query<{ text: string }, []>("SELECT text FROM admin_banners WHERE key = 'backup.failed'")
    .get();
  expect(banner?.text).toContain(world.to);
  const [run] = listRuns(ctx.db, world.to, 1);
  expect(run).toMatchObject({ kind: 'create', outcome: 'failed' });
  const anew = await backUp(ctx, { anew: true });
  expect(anew.backups[0]?.verify.ok).toBe(true);
  rmSync(world.to, { recursive: true });
  renameSync(aside, world.to);
}, 30_000);

test('what a server that was killed left running is told as interrupted', async () => {
  ctx.db
    .query("INSERT INTO backup_runs (id, kind, place, started_at) VALUES (1, 'create', 'x', 1)")
    .run();
  const again = await world.app.reopen();
  const run = listRuns(again.ctx.db, 'x', 1)[0];
  expect(run).toMatchObject({ outcome: 'interrupted', detail: 'The server went down meanwhile.' });
  expect(readdirSync(join(again.ctx.files.root, 'tmp'))).toEqual([]);
  await again.close();
});
