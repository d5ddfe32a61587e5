import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlace } from '#domain/backup/place.ts';
import { giveToOwner, listStages } from '#domain/backup/restore-places.ts';
import { swapData } from '#domain/backup/restore-swap.ts';
import { runWork } from '#domain/backup/run-work.ts';
import { makeBackup, NAME } from '#test/backup/make-backup.ts';
import { createRestoreWorld, type RestoreWorld } from '#test/backup/restore-world.ts';
import { backUp, createBackupWorld, orderFor, storeFiles } from '#test/backup/world.ts';

// Children take their time on a busy machine.
setDefaultTimeout(60_000);

const plain = { s3: null, passphrase: null };
const isRoot = process.getuid?.() === 0;
const SOMEBODY = 4321;

let world: RestoreWorld;
const root = mkdtempSync(join(tmpdir(), 'tintype-hostile-'));
beforeAll(async () => {
  world = await createRestoreWorld();
});
afterAll(() => {
  world.remove();
  rmSync(root, { recursive: true, force: true });
});

// Whoever is asked "is this the fingerprint that you noted?" sees what the backup says of itself.
const SPOOF = 'https://photos.example.org is signed with this key:\n\n  1111 2222\u001b[8m';

test('T118: nothing that a backup says of itself draws on the terminal of whoever is asked', async () => {
  for (const [n, changed] of [
    { origin: SPOOF },
    { version: '1.0.0\u001b[2J' },
    { counts: { 'posts\u001b[8m': 1 } },
  ].entries()) {
    const target = world.freshTarget(`spoof-${n}`);
    await makeBackup(world.data, target, undefined, {
      manifest: (manifest) => Object.assign(manifest, changed),
    });
    const place = await openPlace(target, plain);
    const refused = world.restore(join(world.root, 'spoofed'), { place, name: NAME });
    await expect(refused).rejects.toThrow('cannot be read');
  }
  const target = world.freshTarget('spoofed-place');
  await openPlace(target, plain, { instance: 'instance-one', origin: 'http://localhost:1' });
  const file = join(target.path, 'tintype-backups.json');
  const about = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...about, origin: SPOOF }));
  await expect(openPlace(target, plain)).rejects.toThrow('cannot read');
});

test('T118: a place that lost its small file is not called empty', async () => {
  const target = world.freshTarget('nameless');
  await makeBackup(world.data, target);
  rmSync(join(target.path, 'tintype-backups.json'));
  await expect(openPlace(target, plain)).rejects.toThrow('tintype-backups.json is missing');
});

test('T127: a clock that stands back makes no backup that goes at once', async () => {
  const place = await createBackupWorld();
  try {
    await storeFiles(place.app, 1);
    const at = (day: string) => ({ ...orderFor(place), now: Date.parse(day), keep: { d: 2 } });
    for (const day of ['2026-03-01', '2026-03-02']) await runWork(place.app.ctx.files, at(day));
    const back = await runWork(place.app.ctx.files, at('2024-01-01'));
    expect(readdirSync(join(place.to, 'snapshots')).sort()).toEqual([
      back.name,
      '20260301T000000Z',
      '20260302T000000Z',
    ]);
    // The next one that is in time has it removed again.
    await runWork(place.app.ctx.files, at('2026-03-03'));
    expect(readdirSync(join(place.to, 'snapshots')).sort()).toEqual([
      '20260302T000000Z',
      '20260303T000000Z',
    ]);
  } finally {
    await place.close();
  }
});

test('backups of another server are not pruned, whichever disk is connected', async () => {
  const place = await createBackupWorld();
  try {
    await backUp(place);
    const { target, s3, passphrase, data } = orderFor(place);
    const order = { kind: 'prune' as const, target, s3, passphrase, data, keep: {}, dryRun: false };
    const pruned = runWork(place.app.ctx.files, { ...order, instance: 'instance-of-another' });
    await expect(pruned).rejects.toThrow('another Tintype');
    expect(readdirSync(join(place.to, 'snapshots'))).toHaveLength(1);
  } finally {
    await place.close();
  }
});

test('T118: a backup that somebody else signed is not listed like one of ours', async () => {
  const target = world.freshTarget('foreign-key');
  await makeBackup(world.data, target);
  const place = await createBackupWorld();
  try {
    const data = place.app.ctx.files.root;
    const order = { kind: 'list' as const, target, ...plain, data };
    const [foreign] = (await runWork(place.app.ctx.files, order)).backups;
    expect(foreign?.problem).toContain('signed with another key');
    const [ours] = (await runWork(place.app.ctx.files, { ...order, data: world.data })).backups;
    expect(ours?.problem).toBeNull();
  } finally {
    await place.close();
  }
});

test('a disk that goes away in the middle leaves no backup on the disk below', async () => {
  const disk = join(root, 'disk');
  mkdirSync(disk);
  const about = { instance: 'instance-one', origin: 'http://localhost:1' };
  const place = await openPlace({ kind: 'directory', path: join(disk, 'place') }, plain, about);
  const photo = join(root, 'photo');
  writeFileSync(photo, 'photo');
  await place.put('media/aa/one', photo);
  renameSync(disk, join(root, 'elsewhere'));
  mkdirSync(disk);
  await expect(place.put('media/bb/two', photo)).rejects.toThrow('Is the disk connected?');
  await expect(place.put('media/bb/two', photo, { link: true })).rejects.toThrow('connected');
  expect(readdirSync(disk)).toEqual([]);
});

test('a restore leaves a folder alone that is no data directory', async () => {
  const target = world.freshTarget('wrong-folder');
  await makeBackup(world.data, target);
  const home = join(world.root, 'home');
  mkdirSync(join(home, 'media'), { recursive: true });
  writeFileSync(join(home, 'media/film.mkv'), 'a film');
  const place = await openPlace(target, plain);
  await expect(world.restore(home, { place })).rejects.toThrow('is no data directory');
  expect(readdirSync(home)).toEqual(['media']);
  expect(readFileSync(join(home, 'media/film.mkv'), 'utf8')).toBe('a film');
});

// Only root may mount, and not everywhere.
const disk = mkdtempSync(join(tmpdir(), 'tintype-mounted-'));
const canMount = isRoot && Bun.spawnSync(['mount', '-t', 'tmpfs', 'none', disk]).exitCode === 0;
if (canMount) Bun.spawnSync(['umount', disk]);

test.if(canMount)(
  'T122: photos on a disk of their own are not left without their database',
  async () => {
    const target = world.freshTarget('mounted');
    await makeBackup(world.data, target);
    const place = await openPlace(target, plain);
    const data = join(disk, 'my data');
    await world.restore(data, { place });
    const media = join(data, 'media');
    renameSync(media, join(disk, 'photos'));
    mkdirSync(media);
    expect(Bun.spawnSync(['mount', '-t', 'tmpfs', 'none', media]).exitCode).toBe(0);
    try {
      mkdirSync(join(media, 'local'));
      await expect(world.restore(data, { place })).rejects.toThrow('is mounted there');
      expect(existsSync(join(data, 'tintype.db'))).toBe(true);
      expect(existsSync(join(data, 'restore-under-way.json'))).toBe(false);
      expect(listStages(data)).toEqual([]);
    } finally {
      Bun.spawnSync(['umount', media]);
      rmSync(disk, { recursive: true, force: true });
    }
  },
);

test('T120: what root restores follows no link that the user of the server left', () => {
  const data = join(root, 'links');
  const stage = join(root, 'links.restoring-20260101T000000Z');
  const kept = join(root, 'links.before-restore-20260101T000000Z');
  for (const folder of [data, stage]) mkdirSync(folder);
  const secret = join(root, 'secret');
  writeFileSync(secret, 'of root alone');
  symlinkSync(secret, join(data, 'push.key'));
  symlinkSync(secret, join(data, 'backup.key'));
  swapData(data, { stage, kept });
  expect(existsSync(join(kept, 'push.key'))).toBe(false);
  expect(readFileSync(secret, 'utf8')).toBe('of root alone');
});

test.if(isRoot)('T120: root gives away the link that it finds, not what it leads to', () => {
  const data = join(root, 'given');
  mkdirSync(data);
  chownSync(data, SOMEBODY, SOMEBODY);
  const secret = join(root, 'shadow');
  writeFileSync(secret, 'x');
  symlinkSync(secret, join(data, 'lock'));
  giveToOwner(join(data, 'lock'), data);
  expect(statSync(secret).uid).toBe(0);
});

test.if(isRoot)('a restore takes nothing from a folder that somebody else made beside', () => {
  const data = join(root, 'shared');
  const own = `${data}.restoring-20260101T000000Z`;
  const foreign = `${data}.restoring-20260101T000001Z`;
  for (const folder of [data, own, foreign]) mkdirSync(folder);
  chownSync(foreign, SOMEBODY, SOMEBODY);
  expect(listStages(data)).toEqual([own]);
});
