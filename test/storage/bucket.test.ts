import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMediaBucket } from '#base/platform/media-bucket.ts';
import { describeMedia } from '#domain/media/describe.ts';
import { readMedia } from '#domain/media/reading.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { fetchFromBucket } from '#domain/storage/fetch-from-bucket.ts';
import { forgetHome, readHome, requireMediaHome } from '#domain/storage/media-home.ts';
import { moveAll } from '#domain/storage/move-all.ts';
import { beginMove, moveMedia } from '#domain/storage/move-media.ts';
import { sumPlaced } from '#domain/storage/placed-queries.ts';
import { findBlob } from '#domain/storage/queries.ts';
import { sweepBucket } from '#domain/storage/sweep-bucket.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { type FlakyStore, startFlakyStore } from '#test/harness/flaky-store.ts';
import type { Front } from '#test/media/front.ts';
import { blobFiles, createMediaApp, photo } from '#test/media/world.ts';
import { type BucketWorld, openBucketWorld } from './bucket-world.ts';

setDefaultTimeout(60_000);

let store: FlakyStore;
let world: BucketWorld;
let app: TestApp;
let front: Front;
let ann: Person;
const never = new AbortController().signal;

beforeAll(async () => {
  store = await startFlakyStore(['photos']);
});
afterAll(() => store.close());
beforeEach(async () => {
  store.mood = 'well';
  store.requests.length = 0;
  world = await openBucketWorld(store);
  ({ app, front, ann } = world);
});
afterEach(() => world.close());

const post = (visibility?: string, bytes?: Uint8Array) => world.post(visibility, bytes);
const inBucket = () => world.inBucket();
const evict = () => world.evict();

test('a photo goes into the bucket, leaves the disk, and is served as before', async () => {
  const { path, names } = await post();
  const before = await front.request(path);
  const bytes = new Uint8Array(await before.arrayBuffer());
  expect(await blobFiles(app)).toEqual([...names].sort());
  await evict();
  expect(await inBucket()).toEqual([...names].sort());
  expect(await blobFiles(app)).toEqual([]);
  const asked = store.requests.length;
  const head = await front.request(path, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
  const etag = before.headers.get('etag') ?? '';
  expect((await front.request(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  expect(store.requests.length).toBe(asked);
  const part = await front.request(path, { headers: { range: 'bytes=10-19' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([
    206,
    `bytes 10-19/${bytes.length}`,
  ]);
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(10, 20));
  const whole = await front.request(path);
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes);
  for (const name of ['etag', 'content-type', 'cache-control', 'accept-ranges']) {
    expect(whole.headers.get(name)).toBe(before.headers.get(name));
  }
  // Fetched once, and kept while it is asked for.
  expect(store.requests.slice(asked).filter(({ method }) => method === 'GET')).toHaveLength(1);
  await evict();
  expect((await front.request(path, { headers: { range: 'bytes=999999999-' } })).status).toBe(416);
  expect(new Uint8Array(await (await front.request(path)).arrayBuffer())).toEqual(bytes);
});

test('whoever may not see a photo hears the same whether it lies here or there', async () => {
  const { path } = await post('self');
  const ben = await app.person('ben');
  await evict();
  const missing = `/media/${'a'.repeat(26)}.jpg`;
  store.requests.length = 0;
  for (const how of [{}, { as: ben }, { method: 'HEAD' }, { headers: { range: 'bytes=0-1' } }]) {
    const [one, other] = [await front.request(path, how), await front.request(missing, how)];
    expect([one.status, await one.text()]).toEqual([other.status, await other.text()]);
  }
  expect(store.requests).toEqual([]);
  const own = await front.request(path, { as: ann });
  expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
});

test('a large file is passed on with its ranges, and not kept on the disk', async () => {
  const noise = await photo(2600, 2000);
  const { names } = await post('public', Buffer.concat([noise, Buffer.alloc(9_000_000)]));
  const [name = ''] = names;
  const bytes = readFileSync(app.ctx.files.mediaPath(name));
  await evict();
  const part = await front.request(`/media/${name}`, {
    as: ann,
    headers: { range: 'bytes=5000000-5000099' },
  });
  expect(part.status).toBe(206);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(5_000_000, 5_000_100))).toBe(
    true,
  );
  const whole = Buffer.from(
    await (await front.request(`/media/${name}`, { as: ann })).arrayBuffer(),
  );
  expect(createHash('sha256').update(whole).digest('hex')).toBe(
    createHash('sha256').update(bytes).digest('hex'),
  );
  expect(existsSync(app.ctx.files.mediaPath(name))).toBe(false);
});

test('with the store down uploads are taken, what is on the disk is shown, and the rest is a quick 503', async () => {
  const old = await post();
  await evict();
  for (const mood of ['broken', 'silent'] as const) {
    store.mood = mood;
    const begun = performance.now();
    const answer = await front.request(old.path);
    expect([mood, answer.status]).toEqual([mood, 503]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(performance.now() - begun).toBeLessThan(12_000);
    const fresh = await post();
    expect((await front.request(fresh.path)).status).toBe(200);
    // While it rests nobody waits.
    const again = performance.now();
    expect((await front.request(old.path)).status).toBe(503);
    expect(performance.now() - again).toBeLessThan(1_000);
    store.mood = 'well';
    const end = performance.now() + 20_000;
    while ((await front.request(old.path)).status !== 200 && performance.now() < end) {
      await Bun.sleep(100);
    }
    expect((await front.request(old.path)).status).toBe(200);
    await evict();
  }
  app.clock.advance(24 * 3_600_000);
  await evict();
  expect(await blobFiles(app)).toEqual([]);
});

test('a store that falls silent in the middle ends the answer, and nothing half is kept', async () => {
  const { names } = await post();
  await evict();
  const { bucket, folder } = app.ctx.config.mediaBucket ?? { bucket: '', folder: '' };
  const limits = { answer: 200, silence: 100, upload: 1000, rest: 0 };
  const quick = openMediaBucket(store.s3, { bucket, folder }, limits);
  const blob = findBlob(app.ctx.db, names[0] ?? '');
  if (blob === null) throw new Error('The photo is not there.');
  const to = app.ctx.files.tempPath();
  store.mood = 'breaks-off';
  await expect(fetchFromBucket(quick, blob, to)).rejects.toThrow('broke off');
  expect(existsSync(to)).toBe(false);
  store.mood = 'silent';
  await expect(fetchFromBucket(quick, blob, to)).rejects.toThrow('does not answer');
  store.mood = 'well';
  await fetchFromBucket(quick, blob, to);
  expect(statSync(to).size).toBe(blob.bytes);
});

test('what the store damaged is told as an error and never shown', async () => {
  const { path, names } = await post();
  await evict();
  const folder = join(world.folder, 'media');
  for (const name of names) {
    const object = join(folder, name.slice(0, 2), `${name}._S3rver_object`);
    const bytes = readFileSync(object);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(object, bytes);
  }
  expect((await front.request(path)).status).toBe(503);
  expect(await blobFiles(app)).toEqual([]);
});

test('a deleted photo leaves the bucket, also after the store was down, and left-overs are swept', async () => {
  const { postId, names } = await post();
  const other = await post();
  await evict();
  store.mood = 'broken';
  deletePost(app.ctx, ann.viewer, postId);
  await app.app.jobs.runDue();
  expect((await inBucket()).length).toBe(names.length + other.names.length);
  store.mood = 'well';
  app.clock.advance(60_000);
  await Bun.sleep(20);
  const end = performance.now() + 20_000;
  while ((await inBucket()).length > other.names.length && performance.now() < end) {
    app.clock.advance(60_000);
    await app.settle();
    await Bun.sleep(100);
  }
  expect(await inBucket()).toEqual([...other.names].sort());
  // As a crash between upload and commit leaves it.
  const stray = `${'b'.repeat(26)}.jpg`;
  const [sample = ''] = other.names;
  const folder = join(world.folder, 'media');
  const from = join(folder, sample.slice(0, 2), sample);
  for (const kind of ['object', 'object.md5', 'metadata.json']) {
    await Bun.write(
      join(folder, 'bb', `${stray}._S3rver_${kind}`),
      Bun.file(`${from}._S3rver_${kind}`),
    );
  }
  expect(await sweepBucket(app.ctx)).toMatchObject({ files: 1 });
  expect(await inBucket()).toEqual([...other.names].sort());
});

test('all photos move out and home again while the server runs, and the setting can go', async () => {
  const posts = [await post(), await post('self'), await post()];
  const names = posts.flatMap((each) => each.names).sort();
  await evict();
  expect(sumPlaced(app.ctx.db)).toMatchObject({ files: names.length, localFiles: 0 });
  const config = { ...app.ctx.config, mediaBucket: null, s3: null };
  expect(() => requireMediaHome({ ...app.ctx, config })).toThrow('tintype media move --to disk');
  const elsewhere = { ...app.ctx.config, mediaBucket: { bucket: 'other', folder: '' } };
  expect(() => requireMediaHome({ ...app.ctx, config: elsewhere })).toThrow(
    'bring the photos back',
  );
  await beginMove(app.ctx, 'disk');
  const step = await moveMedia(app.ctx, '', { milliseconds: 30_000 });
  expect(step).toMatchObject({ after: null, files: names.length, problems: [] });
  expect(await blobFiles(app)).toEqual(names);
  expect(await inBucket()).toEqual([]);
  // New ones stay on the disk as long as that is what was decided.
  const fresh = await post();
  await evict();
  expect(await inBucket()).toEqual([]);
  // Without the setting it begins, and a bucket that is set again some day is meant.
  requireMediaHome({ ...app.ctx, config });
  forgetHome({ ...app.ctx, config });
  expect(readHome(app.ctx)).toBe('bucket');
  expect((await moveAll(app.ctx, never)).files).toBe(names.length + fresh.names.length);
  expect(await inBucket()).toEqual([...names, ...fresh.names].sort());
});

test('a bucket that holds the photos of another Tintype is left alone', async () => {
  await post();
  await app.settle();
  const { s3, mediaBucket } = app.ctx.config;
  const other = await createMediaApp({ config: { s3, mediaBucket } });
  try {
    await other.person('zoe', 'owner');
    await expect(beginMove(other.ctx, 'bucket')).rejects.toThrow('photos of another Tintype');
    expect(await sweepBucket(other.ctx)).toEqual({ files: 0, bytes: 0 });
  } finally {
    await other.close();
  }
});

test('a photo that is cut or offered after it left the disk is fetched for that', async () => {
  const { id, path } = await post();
  await evict();
  const media = readMedia(app.ctx.db, [id])[0];
  expect(media).toBeDefined();
  const cut = await describeMedia(app.ctx, ann.viewer.id, id, {
    edits: { rotate: 90, crop: null },
  });
  expect(cut.edits).not.toBeNull();
  expect((await front.request(path)).status).toBe(404);
});
