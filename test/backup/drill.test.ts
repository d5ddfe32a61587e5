import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUp } from '#domain/backup/back-up.ts';
import { runDrill } from '#domain/backup/drill.ts';
import { drillRestore } from '#domain/backup/drill-restore.ts';
import { openPlace } from '#domain/backup/place.ts';
import { createFullWorld, type FullWorld } from '#test/harness/full-world.ts';
import { treeOf } from './restore-world.ts';

const root = mkdtempSync(join(tmpdir(), 'tintype-drill-'));
const target = { kind: 'directory', path: join(root, 'place') } as const;
let world: FullWorld;
beforeAll(async () => {
  world = await createFullWorld({ config: { backup: { to: [target], passphrase: null } } });
}, 60_000);
afterAll(async () => {
  await world.app.close();
  rmSync(root, { recursive: true, force: true });
});

const runs = () =>
  world.app.ctx.db
    .query<{ outcome: string; detail: string }, []>(
      `SELECT outcome, detail FROM backup_runs WHERE kind = 'drill' ORDER BY id DESC`,
    )
    .all();
const banners = () =>
  world.app.ctx.db
    .query<{ key: string }, []>(`SELECT key FROM admin_banners WHERE cleared_at IS NULL`)
    .all()
    .map((row) => row.key);

test('without a backup there is nothing to try out, and the admins are told', async () => {
  const { drills, failures } = await runDrill(world.app.ctx);
  expect(drills).toEqual([]);
  expect(failures[0]?.problem).toContain('no backup');
  expect(runs()[0]?.outcome).toBe('failed');
  expect(banners()).toContain('backup.drill');
});

test('a backup is restored beside the data, started, looked at, reported and removed', async () => {
  await backUp(world.app.ctx);
  const before = treeOf(world.app.ctx.files.root);
  const answer = await world.app.app.cron.run('backup.drill');
  expect(answer).toContain('restored with all files, started and looked at: it works');
  expect(runs()[0]).toMatchObject({ outcome: 'done' });
  expect(banners()).not.toContain('backup.drill');
  expect(treeOf(world.app.ctx.files.root)).toEqual(before);
}, 30_000);

test('only one thing happens to backups at a time', async () => {
  const first = runDrill(world.app.ctx);
  await expect(runDrill(world.app.ctx)).rejects.toThrow(/being tried out/);
  expect((await first).drills[0]?.ok).toBe(true);
}, 30_000);

test('a drill that is called off leaves no copy behind, running or lying', async () => {
  const ending = new AbortController();
  const work = runDrill(world.app.ctx, {
    signal: ending.signal,
    progress: (text) => {
      if (text.startsWith('Starting')) ending.abort();
    },
  });
  await expect(work).rejects.toThrow();
  expect(readdirSync(world.app.ctx.files.tmp)).toEqual([]);
}, 30_000);

test('a share of the photos is enough where the disk has room for no more', async () => {
  const place = await openPlace(target, { s3: null, passphrase: null });
  const scratch = join(root, 'scratch');
  const data = world.app.ctx.files.root;
  const input = { name: null, data, scratch, room: 8_000 };
  const report = await drillRestore(place, input, () => undefined);
  expect(report.ok).toBe(true);
  expect(report.files).toBeGreaterThan(0);
  expect(report.files).toBeLessThan(report.ofFiles);
  expect(report.bytes).toBeLessThanOrEqual(8_000);
  expect(readdirSync(root)).toEqual(['place']);
}, 30_000);

test('a backup that lost photos fails its drill, and the admins read why', async () => {
  const media = join(target.path, 'media');
  const [file = ''] = treeOf(media).filter((name) => name.length > 60);
  rmSync(join(media, file));
  const { drills } = await runDrill(world.app.ctx);
  expect(drills[0]?.ok).toBe(false);
  expect(drills[0]?.steps).toHaveLength(1);
  expect(runs()[0]).toMatchObject({
    outcome: 'failed',
    detail: expect.stringContaining('1 photos are missing or changed'),
  });
  expect(banners()).toContain('backup.drill');
}, 30_000);
