import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openObjectStore } from '#base/platform/object-store.ts';
import type { BackupTarget } from '#domain/backup/place.ts';
import { openPlace } from '#domain/backup/place.ts';
import { runWork } from '#domain/backup/run-work.ts';
import { startObjectStore, type TestStore } from '#test/harness/object-store.ts';
import {
  type BackupWorld,
  createBackupWorld,
  filesBelow,
  orderFor,
  storeFile,
  storeFiles,
} from './world.ts';

// Children and key derivation take their time on a busy machine.
setDefaultTimeout(60_000);

const secret = 'correct horse battery';
const target: BackupTarget = { kind: 'bucket', bucket: 'safe', folder: 'my/photos' };
let store: TestStore;
let world: BackupWorld;
beforeAll(async () => {
  store = await startObjectStore(['safe']);
  world = await createBackupWorld();
  await world.app.person('ann', 'owner');
  await storeFiles(world.app, 5);
});
afterAll(async () => {
  await world.close();
  await store.close();
});

const order = (passphrase: string | null, folder = target.folder, now = Date.now()) => ({
  ...orderFor(world, passphrase),
  s3: store.s3,
  target: { ...target, folder } as BackupTarget,
  now,
});
const create = (passphrase: string | null, folder?: string, now?: number) =>
  runWork(world.app.ctx.files, order(passphrase, folder, now));

test('a bucket takes backups, each photo once, and gives them back whole', async () => {
  const first = await create(null);
  expect(first).toMatchObject({ files: 5, newFiles: 5, sameDisk: false, verify: { ok: true } });
  expect(first.path).toBe(`s3:safe/my/photos/snapshots/${first.name}`);
  // Larger than one part of an upload.
  const large = crypto.getRandomValues(new Uint8Array(60_000));
  const bytes = Buffer.concat(Array.from({ length: 120 }, () => large));
  const { sha256 } = await storeFile(world.app, bytes);
  const second = await create(null);
  expect(second).toMatchObject({ files: 6, newFiles: 1, newBytes: 7_200_000 });
  expect(second.verify).toMatchObject({ ok: true, checked: { files: 6 } });
  const place = await openPlace(target, { s3: store.s3, passphrase: null });
  expect(await place.size(place.mediaPath(sha256))).toBe(7_200_000);
  expect(await place.size('media/00/none')).toBe(null);
  await expect(place.read('media/00/none', 10)).rejects.toThrow('not in the backup');
}, 60_000);

test('the list of a bucket goes on beyond its first page', async () => {
  const asked: string[] = [];
  const page = (key: string, next: string) =>
    `<ListBucketResult><Contents><Key>my/photos/${key}</Key><Size>3</Size></Contents>${next}</ListBucketResult>`;
  const more =
    '<IsTruncated>true</IsTruncated><NextContinuationToken>page two</NextContinuationToken>';
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => {
      const token = new URL(request.url).searchParams.get('continuation-token');
      asked.push(token ?? 'first');
      return new Response(token === null ? page('a/1', more) : page('a/2', ''));
    },
  });
  const s3 = { ...store.s3, endpoint: server.url.origin };
  const list = openObjectStore(s3, 'safe', 'my/photos').list('a/');
  expect(await Array.fromAsync(list)).toEqual([
    { key: 'a/1', bytes: 3 },
    { key: 'a/2', bytes: 3 },
  ]);
  expect(asked).toEqual(['first', 'page two']);
  await server.stop(true);
});

test('an encrypted bucket holds no byte and no hash of a photo, and prunes like any other', async () => {
  const first = await create(secret, 'sealed', Date.UTC(2026, 0, 1));
  expect(first).toMatchObject({ encrypted: true, verify: { ok: true } });
  const [name = ''] = await storeFiles(world.app, 1);
  await create(secret, 'sealed', Date.UTC(2026, 0, 2));
  world.app.ctx.db.query('DELETE FROM blobs WHERE name = $name').run({ name });
  const third = await create(secret, 'sealed', Date.UTC(2026, 0, 3));
  expect(third).toMatchObject({ newFiles: 0, verify: { ok: true } });
  const files = await filesBelow(join(store.folder, 'safe'));
  const photo = readFileSync(world.app.ctx.files.mediaPath(name)).subarray(200, 220);
  for (const file of files.filter((each) => each.includes('sealed'))) {
    expect(readFileSync(join(store.folder, 'safe', file)).includes(photo)).toBe(false);
  }
  const { target: to, s3, passphrase, data } = order(secret, 'sealed');
  const common = { target: to, s3, passphrase, data };
  const pruned = await runWork(world.app.ctx.files, {
    ...common,
    kind: 'prune',
    instance: 'instance-of-test',
    keep: { d: 1 },
    dryRun: false,
  });
  expect(pruned).toMatchObject({ kept: [third.name], files: 1 });
  const checked = await runWork(world.app.ctx.files, { ...common, kind: 'verify', name: null });
  expect(checked).toMatchObject({ ok: true, name: third.name, problems: [] });
}, 60_000);

test('a missing bucket, a wrong secret and a store that is down are told apart, without the secret', async () => {
  const say = async (changed: Partial<typeof store.s3>, bucket = 'safe') => {
    const to = { ...target, bucket } as BackupTarget;
    const make = { instance: 'instance-of-test', origin: 'https://photos.example.org' };
    const work = openPlace(to, { s3: { ...store.s3, ...changed }, passphrase: null }, make);
    return await work.then(
      () => 'opened',
      (error: Error) => error.message,
    );
  };
  expect(await say({}, 'missing-bucket')).toContain('there is no such bucket');
  const strict = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: ({ method }) => {
      const why = '<Error><Code>SignatureDoesNotMatch</Code><Message>No.</Message></Error>';
      return new Response(method === 'HEAD' ? null : why, { status: 403 });
    },
  });
  const refused = await say({ endpoint: strict.url.origin, secretKey: 'another-secret' });
  expect(refused).toContain('does not accept our access key');
  expect(refused).not.toContain('another-secret');
  await strict.stop(true);
  const down = await say({ endpoint: 'http://127.0.0.1:1' });
  expect(down).toContain('cannot be reached');
  const to = { s3: null, passphrase: null };
  await expect(openPlace(target, to)).rejects.toThrow('s3.url');
}, 60_000);
