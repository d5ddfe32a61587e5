import { afterAll, beforeAll, expect, test } from 'bun:test';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { takeLock } from '#base/platform/lock.ts';
import { listKept } from '#domain/backup/restore-places.ts';
import { createTestApp } from '#test/harness/app.ts';
import { makeBackup, NAME } from './make-backup.ts';
import { createRestoreWorld, filesOf, type RestoreWorld, rowsOf, treeOf } from './restore-world.ts';

let world: RestoreWorld;
beforeAll(async () => {
  world = await createRestoreWorld();
  writeFileSync(join(world.data, 'push.key'), 'the key of pushes', { mode: 0o600 });
  await makeBackup(world.data, world.target);
}, 60_000);
afterAll(() => world.remove());

const copyOfData = (name: string): string => {
  const copy = join(world.root, name);
  cpSync(world.data, copy, { recursive: true });
  return copy;
};

test('a backup restored elsewhere has every row and every byte', async () => {
  const elsewhere = join(world.root, 'elsewhere');
  const report = await world.restore(elsewhere);
  expect(report).toMatchObject({ backup: NAME, kept: null, keys: ['push.key'] });
  const before = rowsOf(world.data);
  expect(Object.keys(before).length).toBeGreaterThan(50);
  expect(before.posts?.length).toBeGreaterThan(5);
  expect(rowsOf(elsewhere)).toEqual(before);
  expect(Object.keys(filesOf(world.data)).length).toBeGreaterThan(8);
  expect(filesOf(elsewhere)).toEqual(filesOf(world.data));
  expect(report.rows).toBeGreaterThan(50);
  expect(readdirSync(elsewhere).sort()).toEqual(['lock', 'media', 'push.key', 'tintype.db']);

  // Words are found again, and the server takes the logins that it knew.
  const app = await createTestApp({ data: elsewhere });
  const { token } = world;
  expect((await app.request('/api/v1/timelines/home', { token })).status).toBe(200);
  const found = await app.request('/api/v2/search?q=evening&type=statuses', { token });
  expect(((await found.json()) as { statuses: unknown[] }).statuses).toHaveLength(1);
  await app.close();
});

test('T120: what a restore writes is for its owner alone', async () => {
  const elsewhere = join(world.root, 'modes');
  mkdirSync(elsewhere, { mode: 0o700 });
  await world.restore(elsewhere);
  for (const name of ['.', ...treeOf(elsewhere)]) {
    expect([name, statSync(join(elsewhere, name)).mode & 0o077]).toEqual([name, 0]);
  }
  expect(readFileSync(join(elsewhere, 'push.key'), 'utf8')).toBe('the key of pushes');
});

test('over data that is there: the old data is kept whole, photos are shared, both serve', async () => {
  const data = copyOfData('over');
  writeFileSync(join(data, 'tintype.toml'), 'log_level = "error"\n');
  writeFileSync(join(data, 'backups', 'of-mine'), 'stays');
  const late = await createTestApp({ data });
  await late.person('late');
  await late.close();
  const [rows, files] = [rowsOf(data, []), filesOf(data)];

  const report = await world.restore(data);
  const [kept] = listKept(data);
  expect(report.kept).toBe(kept?.path ?? '');
  expect(kept?.path).toStartWith(`${data}.before-restore-20260202T000000Z`);
  expect(report.media).toMatchObject({ files: Object.keys(files).length });
  expect(report.media.fromOldData).toBe(report.media.files);
  expect(rowsOf(data)).toEqual(rowsOf(world.data));
  expect(filesOf(data)).toEqual(files);
  // What belongs to the machine stays.
  expect(readFileSync(join(data, 'backups', 'of-mine'), 'utf8')).toBe('stays');
  expect(readFileSync(join(data, 'tintype.toml'), 'utf8')).toContain('log_level');
  expect(rowsOf(kept?.path ?? '', [])).toEqual(rows);
  expect(filesOf(kept?.path ?? '')).toEqual(files);
  const again = await createTestApp({ data: kept?.path ?? '' });
  expect((await again.request('/@late')).status).toBe(200);
  await again.close();
});

test('while a server has the directory nothing is restored, and it says what to stop', async () => {
  const data = copyOfData('busy');
  const lock = takeLock(join(data, 'lock'));
  const before = treeOf(data);
  await expect(world.restore(data)).rejects.toThrow(
    /runs on .*busy\. Stop it first \(for a service: systemctl stop tintype\)/,
  );
  expect(treeOf(data)).toEqual(before);
  if ('release' in lock) lock.release();
});

test('a backup of an unknown or another key is refused with the words to type', async () => {
  const fresh = join(world.root, 'fresh');
  await expect(world.restore(fresh, { fingerprint: null })).rejects.toThrow(
    /knows no key to compare it with.*type:\n\n {2}tintype restore PLACE --fingerprint "([0-9a-f]{4} ?){8}"/s,
  );
  await expect(world.restore(fresh, { fingerprint: 'aaaa bbbb' })).rejects.toThrow(
    /not with the one you named/,
  );
  const other = copyOfData('other-key');
  rmSync(join(other, 'backup.key'));
  await makeBackup(other, world.freshTarget('place-of-another'));
  await expect(world.restore(other, { fingerprint: null })).rejects.toThrow(
    /this data directory has another one/,
  );
  expect(existsSync(fresh)).toBe(false);
});

test('of several backups the newest that is whole is taken, and the others are named', async () => {
  const target = world.freshTarget('several');
  await makeBackup(world.data, target, undefined, { name: '20260101T000000Z' });
  await makeBackup(world.data, target, undefined, { name: '20260102T000000Z' });
  await makeBackup(world.data, target, undefined, { name: '20260103T000000Z', signature: 'AAAA' });
  // Without its signature a backup was never finished.
  await makeBackup(world.data, target, undefined, { name: '20260104T000000Z' });
  rmSync(join(target.path, 'snapshots/20260104T000000Z/manifest.sig'));
  const { openPlace } = await import('#domain/backup/place.ts');
  const place = await openPlace(target, { s3: null, passphrase: null });
  const report = await world.restore(join(world.root, 'newest'), { place });
  expect(report.backup).toBe('20260102T000000Z');
  expect(report.passedOver).toHaveLength(1);
  expect(report.passedOver[0]).toContain('20260103T000000Z');
  const named = await world.restore(join(world.root, 'named'), { place, name: '20260101T000000Z' });
  expect(named.backup).toBe('20260101T000000Z');
  const broken = world.restore(join(world.root, 'x'), { place, name: '20260103T000000Z' });
  await expect(broken).rejects.toThrow(/signature/);
});

test('a backup with lost photos is refused, and restored without them when somebody says so', async () => {
  const target = world.freshTarget('lossy');
  await makeBackup(world.data, target);
  const media = join(target.path, 'media');
  const [gone = '', changed = '', linked = ''] = treeOf(media).filter((name) => name.length > 60);
  rmSync(join(media, gone));
  const bytes = readFileSync(join(media, changed));
  bytes[9] = (bytes[9] ?? 0) ^ 1;
  writeFileSync(join(media, changed), bytes);
  // T115: a link in the place does not lead anywhere.
  rmSync(join(media, linked));
  symlinkSync(join(world.data, 'backup.key'), join(media, linked));
  const { openPlace } = await import('#domain/backup/place.ts');
  const place = await openPlace(target, { s3: null, passphrase: null });

  const data = join(world.root, 'lossy-data');
  await expect(world.restore(data, { place })).rejects.toThrow(
    /3 of the files in the backup .* are missing or changed .*--without-damaged/,
  );
  expect(existsSync(data)).toBe(false);
  const report = await world.restore(data, { place, withoutDamaged: true });
  expect(report.media.damaged).toHaveLength(3);
  expect(Object.keys(filesOf(data))).toHaveLength(Object.keys(filesOf(world.data)).length - 3);
  // Where the old data has the same bytes, nothing is lost.
  const whole = await world.restore(copyOfData('lossy-over'), { place });
  expect(whole.media.damaged).toEqual([]);
});

test('what an earlier try has fetched is not fetched again, and goes once the data is there', async () => {
  const data = join(world.root, 'resumed');
  mkdirSync(data);
  const stage = `${data}.restoring-20260101T000000Z`;
  cpSync(join(world.data, 'media'), join(stage, 'media'), { recursive: true });
  const local = join(stage, 'media/local');
  const [one = ''] = treeOf(local).filter((name) => name.length > 20);
  writeFileSync(join(local, one), 'half of it');
  const report = await world.restore(data);
  expect(report.media.fromOldData).toBe(report.media.files - 1);
  expect(filesOf(data)).toEqual(filesOf(world.data));
  expect(existsSync(stage)).toBe(false);
});

test('a store that is out of reach in the middle keeps what was fetched for the next try', async () => {
  const data = join(world.root, 'flaky');
  const { openPlace } = await import('#domain/backup/place.ts');
  const place = await openPlace(world.target, { s3: null, passphrase: null });
  let answers = 5;
  const flaky = {
    ...place,
    get: (...of: Parameters<typeof place.get>) => {
      answers -= 1;
      if (answers >= 0) return place.get(...of);
      throw new AppError('unavailable', 'The store does not answer.');
    },
  };
  await expect(world.restore(data, { place: flaky, pauses: [] })).rejects.toThrow(
    'does not answer',
  );
  answers = 6;
  await expect(world.restore(data, { place: flaky, pauses: [] })).rejects.toThrow(
    'does not answer',
  );
  const report = await world.restore(data);
  expect(report.media.fromOldData).toBeGreaterThan(3);
  expect(readdirSync(world.root).filter((name) => name.startsWith('flaky'))).toEqual(['flaky']);
});
