import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import {
  type BackupWorld,
  backUp,
  createBackupWorld,
  filesBelow,
  storeFile,
  storeFiles,
} from './world.ts';

// Children and key derivation take their time on a busy machine.
setDefaultTimeout(60_000);

let world: BackupWorld;
beforeAll(async () => {
  world = await createBackupWorld();
  await storeFiles(world.app, 20);
});
afterAll(() => world.close());

test('a backup holds the database and every photo, signed, and is whole when it is read again', async () => {
  await world.app.person('ann', 'owner');
  const report = await backUp(world);
  expect(report).toMatchObject({ files: 20, newFiles: 20, missingCount: 0, mended: 0 });
  expect(report.verify).toMatchObject({ ok: true, problems: [], mode: 'full', files: 20 });
  expect(report.verify.checked.files).toBe(20);
  expect(report.verify.counts).toMatchObject({ accounts: 1, blobs: 20 });
  expect(report.path).toBe(`${world.to}/snapshots/${report.name}`);
  const files = await filesBelow(report.path);
  for (const file of ['files.ndjson', 'manifest.json', 'manifest.sig', 'tintype.db']) {
    expect(files).toContain(file);
  }
  expect(readdirSync(world.app.ctx.files.tmp)).toEqual([]);
});

test('the next backup copies only what is new', async () => {
  await storeFiles(world.app, 3);
  const report = await backUp(world);
  expect(report).toMatchObject({ files: 23, newFiles: 3, newBytes: 15_000 });
  expect(report.verify.ok).toBe(true);
});

test('a content that several files share is stored once', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(7000));
  await storeFile(world.app, bytes);
  await storeFile(world.app, bytes);
  const report = await backUp(world);
  expect(report).toMatchObject({ files: 25, newFiles: 1, newBytes: 7000 });
  expect(report.verify.ok).toBe(true);
});
