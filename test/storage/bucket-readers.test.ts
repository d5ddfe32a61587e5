import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backUp } from '#domain/backup/back-up.ts';
import { fingerprintOf, readBackupKey } from '#domain/backup/keys.ts';
import { openPlace } from '#domain/backup/place.ts';
import { restoreBackup } from '#domain/backup/restore-backup.ts';
import { sumPlaced } from '#domain/storage/placed-queries.ts';
import { sweepBucket } from '#domain/storage/sweep-bucket.ts';
import { checkMedia } from '#domain/upkeep/doctor/check-media.ts';
import type { Patient } from '#domain/upkeep/doctor/patient.ts';
import { configForChild } from '#doors/archive/out-context.ts';
import { writeArchive } from '#doors/archive/write-archive.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { startObjectStore, type TestStore } from '#test/harness/object-store.ts';
import { blobFiles, createMediaApp } from '#test/media/world.ts';
import { type BucketWorld, openBucketWorld } from './bucket-world.ts';

setDefaultTimeout(60_000);

let store: TestStore;
let world: BucketWorld;
let app: TestApp;
let ann: Person;

beforeAll(async () => {
  store = await startObjectStore(['photos']);
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await openBucketWorld(store);
  ({ app, ann } = world);
});
afterEach(() => world.close());

test('a backup reads photos where they live, without bringing them to the disk, and a restore has them all', async () => {
  const { names } = await world.post();
  const local = await world.post();
  await world.evict();
  await world.front.request(local.path);
  const before = await blobFiles(app);
  const { backups, failures } = await backUp(app.ctx);
  expect(failures).toEqual([]);
  const all = names.length + local.names.length;
  expect(backups[0]).toMatchObject({ files: all, newFiles: all, missingCount: 0 });
  expect(await blobFiles(app)).toEqual(before);
  const data = `${app.ctx.files.root}-restored`;
  try {
    const place = { kind: 'directory', path: app.ctx.files.backups } as const;
    const opened = await openPlace(place, { s3: null, passphrase: null });
    await restoreBackup(
      {
        place: opened,
        name: null,
        data,
        fingerprint: fingerprintOf(readBackupKey({ root: app.ctx.files.root }).publicKey),
        withoutDamaged: false,
        endLogins: false,
      },
      {
        ask: async () => true,
        progress: () => undefined,
        settle: () => undefined,
        now: app.clock.now,
        typed: 'tintype restore',
      },
    );
    const again = await createMediaApp({
      data,
      config: { s3: store.s3, mediaBucket: app.ctx.config.mediaBucket },
    });
    try {
      expect(await blobFiles(again)).toEqual([...names, ...local.names].sort());
      expect(sumPlaced(again.ctx.db).files).toBe(0);
      await again.settle();
      expect(sumPlaced(again.ctx.db).files).toBe(all);
      // What the data of before may need stays.
      expect(await sweepBucket(again.ctx, { age: 0 })).toEqual({ files: 0, bytes: 0 });
    } finally {
      await again.close();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

test('an archive holds the originals that are in the bucket alone', async () => {
  const { names } = await world.post();
  const bytes = readFileSync(app.ctx.files.mediaPath(names[0] ?? ''));
  await world.evict();
  const to = join(app.ctx.files.exports, 'test.zip');
  const written = await writeArchive(
    {
      config: configForChild(app.ctx.config),
      accountId: ann.viewer.id,
      renditions: true,
      to,
      scratch: join(app.ctx.files.tmp, 'scratch'),
    },
    () => undefined,
  );
  expect(written).toMatchObject({ problems: [], counts: { originals: 1 } });
  expect(readFileSync(to).includes(bytes)).toBe(true);
  expect(await blobFiles(app)).toEqual([]);
});

test('the doctor sees what is gone, damaged or needless in the bucket, and a setting that is missing', async () => {
  const { names } = await world.post();
  await world.evict();
  const { config, db } = app.ctx;
  const look = async (deep: boolean, changed: Partial<typeof config> = {}) =>
    (await checkMedia({ config: { ...config, ...changed }, db, deep } as Patient)).map(
      ({ id, level }) => `${id} ${level}`,
    );
  expect(await look(true)).toEqual(['media.files ok', 'media.bucket ok']);
  const object = (name: string) =>
    join(world.folder, 'media', name.slice(0, 2), `${name}._S3rver_object`);
  const [first = '', second = ''] = names;
  const bytes = readFileSync(object(first));
  bytes[50] = (bytes[50] ?? 0) ^ 1;
  writeFileSync(object(first), bytes);
  expect(await look(false)).toEqual(['media.files ok', 'media.bucket ok']);
  expect(await look(true)).toEqual(['media.files ok', 'media.bucket fail']);
  rmSync(object(second));
  rmSync(object(second).replace('_object', '_metadata.json'));
  expect(await look(false)).toEqual(['media.files ok', 'media.bucket fail']);
  expect(await look(false, { mediaBucket: null })).toEqual(['media.files ok', 'media.bucket fail']);
  const nowhere = { ...store.s3, endpoint: 'http://127.0.0.1:1' };
  expect(await look(false, { s3: nowhere })).toEqual(['media.files ok', 'media.bucket fail']);
});
