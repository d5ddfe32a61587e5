import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKeepRule } from '#base/core/keep-rule.ts';
import { chooseKept } from '#domain/backup/choose-kept.ts';
import { isBackupDue } from '#domain/backup/is-due.ts';
import type { BackupRun } from '#domain/backup/run-queries.ts';
import { runWork } from '#domain/backup/run-work.ts';
import {
  backUp,
  check,
  createBackupWorld,
  filesBelow,
  orderFor,
  storeFile,
  storeFiles,
} from './world.ts';

// Children and key derivation take their time on a busy machine.
setDefaultTimeout(60_000);

const world = await createBackupWorld();
afterAll(() => world.close());

const nameOf = (text: string) => `${text.replace(/[-:]/g, '').replace(/\..*$/, '')}Z`;
const daily = (days: number) =>
  Array.from({ length: days }, (_, day) =>
    nameOf(new Date(Date.UTC(2026, 0, 1, 3) + day * 86_400_000).toISOString()),
  );

test('a rule keeps the newest of so many days, weeks and months, and the newest of all', () => {
  const names = daily(400);
  const kept = [...chooseKept(names, { d: 7, w: 4, m: 12 })].sort();
  expect(kept.slice(-7)).toEqual(names.slice(-7));
  // Days and weeks overlap, and so do weeks and months.
  expect(kept.length).toBeGreaterThanOrEqual(7 + 2 + 10);
  expect(kept.length).toBeLessThanOrEqual(7 + 4 + 12);
  expect(new Set(kept.map((name) => name.slice(0, 6))).size).toBe(12);
  expect([...chooseKept(names, { y: 1 })]).toEqual(names.slice(-1));
  expect([...chooseKept([], { d: 7 })]).toEqual([]);
  expect(chooseKept(['20260101T000000Z', '20260101T100000Z'], { d: 9 }).size).toBe(1);
});

test('a rule that is applied every day keeps what one that is applied at the end would', () => {
  let there: string[] = [];
  for (const name of daily(400)) there = [...chooseKept([...there, name], { d: 7, w: 4, m: 12 })];
  expect(there.length).toBeGreaterThanOrEqual(7 + 2 + 10);
  expect(new Set(there.map((name) => name.slice(0, 6))).size).toBe(12);
});

test('what is no rule is refused', () => {
  expect(parseKeepRule('7d 4w 12m')).toEqual({ d: 7, w: 4, m: 12 });
  expect(parseKeepRule(' 24H, 2y')).toEqual({ h: 24, y: 2 });
  for (const text of ['', '0d', '7', 'd7', '7d 7d', '1000d', '7x']) {
    expect([text, parseKeepRule(text)]).toEqual([text, null]);
  }
});

test('backups are due at night, or when the machine was off, and six hours after a failure', () => {
  const at = (hour: number, day = 10) => new Date(2026, 5, day, hour, 52).getTime();
  const run = (startedAt: number, outcome: BackupRun['outcome'] = 'done') =>
    ({ startedAt, outcome }) as BackupRun;
  const due = (every: 'off' | '6h' | 'daily' | 'weekly', now: number, good: number | null) => {
    const last = good === null ? null : run(good);
    return isBackupDue(every, now, { good: last, any: last });
  };
  expect(due('daily', at(15), null)).toBe(true);
  expect(due('off', at(4), null)).toBe(false);
  expect(due('daily', at(15), at(4))).toBe(false);
  expect(due('daily', at(4, 11), at(4))).toBe(true);
  expect(due('daily', at(3, 11), at(4))).toBe(false);
  expect(due('daily', at(20, 11), at(4))).toBe(true);
  expect(due('weekly', at(4, 16), at(4))).toBe(false);
  expect(due('weekly', at(4, 17), at(4))).toBe(true);
  expect(due('6h', at(10), at(4))).toBe(true);
  const failed = { good: run(at(4, 8)), any: run(at(4), 'failed') };
  expect(isBackupDue('daily', at(9), failed)).toBe(false);
  expect(isBackupDue('daily', at(10), failed)).toBe(true);
});

test('pruning removes old backups and the photos that none names, and nothing that one needs', async () => {
  const [only = '', both = ''] = await storeFiles(world.app, 2);
  const begin = Date.UTC(2026, 0, 1);
  const make = (day: number) =>
    runWork(world.app.ctx.files, { ...orderFor(world), now: begin + day * 86_400_000 });
  await make(0);
  world.app.ctx.db.query('DELETE FROM blobs WHERE name = $name').run({ name: only });
  const second = await make(1);
  await storeFile(world.app, new Uint8Array(300));
  const third = await make(2);
  const { target, data } = orderFor(world);
  const secrets = { s3: null, passphrase: null };
  const order = { kind: 'prune' as const, target, ...secrets, data, instance: 'instance-of-test' };
  const dry = await runWork(world.app.ctx.files, { ...order, keep: { d: 2 }, dryRun: true });
  expect(dry).toMatchObject({ removed: ['20260101T000000Z'], files: 1, bytes: 5000 });
  expect((await filesBelow(world.to)).filter((file) => file.startsWith('media/'))).toHaveLength(3);
  const done = await runWork(world.app.ctx.files, { ...order, keep: { d: 2 }, dryRun: false });
  expect(done).toEqual({ ...dry, kept: [second.name, third.name] });
  const media = (await filesBelow(world.to)).filter((file) => file.startsWith('media/'));
  expect(media).toHaveLength(2);
  expect(both).not.toBe('');
  for (const { name } of [second, third]) expect((await check(world, name)).ok).toBe(true);
});

test('no photo goes while the list of any backup cannot be read, and what is half there goes', async () => {
  const half = join(world.to, 'snapshots/20250101T000000Z');
  mkdirSync(half);
  writeFileSync(join(half, 'tintype.db'), 'half');
  writeFileSync(join(world.to, 'media/00stray'), 'stray');
  const report = await backUp(world);
  expect(report.verify.ok).toBe(true);
  expect((await filesBelow(world.to)).some((file) => file.includes('20250101'))).toBe(false);
  const { target, data } = orderFor(world);
  const secrets = { s3: null, passphrase: null };
  const order = { kind: 'prune' as const, target, ...secrets, data, instance: 'instance-of-test' };
  const list = join(world.to, 'snapshots/20260103T000000Z/files.ndjson');
  writeFileSync(list, 'nonsense\n');
  const prune = runWork(world.app.ctx.files, { ...order, keep: { m: 12 }, dryRun: false });
  await expect(prune).rejects.toThrow('cannot be told which ones');
  expect((await filesBelow(world.to)).includes('media/00stray')).toBe(true);
  rmSync(list);
});
