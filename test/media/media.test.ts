import { afterEach, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { attachMedia } from '#domain/media/attach.ts';
import { describeMedia } from '#domain/media/describe.ts';
import { detachMedia } from '#domain/media/detach.ts';
import { offerOriginal } from '#domain/media/offer.ts';
import { listMediaOfPosts, readMedia } from '#domain/media/reading.ts';
import { readMeter } from '#domain/storage/meter.ts';
import { findBlob, findUsage, saveQuota } from '#domain/storage/queries.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import type { TestApp } from '#test/harness/app.ts';
import { gifBomb, pngBomb } from '#test/harness/bombs.ts';
import { dirtyJpeg } from '#test/harness/dirty-pictures.ts';
import { quarters, readQuarters, sharp } from '#test/harness/pictures.ts';
import { imagesHere } from './images-here.ts';
import { add, blobFiles, createMediaApp, photo, tempFiles } from './world.ts';

const open: TestApp[] = [];
async function world(options: Parameters<typeof createMediaApp>[0] = {}) {
  const app = await createMediaApp(options);
  open.push(app);
  const ann = await app.person('ann', 'owner');
  return { app, ann: ann.viewer.id };
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});

function insertPost(app: TestApp, accountId: number): number {
  const id = app.ctx.newId();
  app.ctx.db.run(
    `INSERT INTO posts (id, account_id, audience_id, visibility, published_at)
     VALUES (?, ?, ?, 'public', 0)`,
    [id, accountId, accountId],
  );
  return id;
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (thrown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw new Error(`not an AppError: ${error}`);
}

test('a photo is stored with three renditions, and its original byte for byte', async () => {
  const { app, ann } = await world();
  const bytes = await photo(2100, 1400);
  const media = await add(app, ann, bytes, {
    description: '  A  noisy\r\npicture ',
    focus: { x: 0.5, y: -7 },
  });
  expect(media).toMatchObject({
    accountId: ann,
    postId: null,
    sourceMime: 'image/jpeg',
    sourceBytes: bytes.byteLength,
    width: 2100,
    height: 1400,
    animated: false,
    description: 'A  noisy\npicture',
    focusX: 0.5,
    focusY: -1,
    edits: null,
  });
  expect(media.renditions.map(({ name, width, mime }) => [name, width, mime])).toEqual([
    ['small', 480, 'image/webp'],
    ['medium', 1080, 'image/webp'],
    ['large', 2048, 'image/jpeg'],
  ]);
  expect(media.blurhash.length).toBeLessThanOrEqual(56);
  const original = media.originalBlob ?? '';
  expect(readFileSync(app.ctx.files.mediaPath(original)).equals(bytes)).toBe(true);
  const row = findBlob(app.ctx.db, original);
  expect(row?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(tempFiles(app)).toEqual([]);
}, 30_000);

test.each([
  ['unsupported_type', 'nothing like a picture', () => Buffer.from('<svg onload="alert(1)"/>')],
  ['invalid', 'cut in the middle', async () => (await photo()).subarray(0, 5000)],
  ['invalid', 'T55: too many pixels', () => pngBomb(30_000, 30_000)],
  ['invalid', 'T56: too many frames', () => gifBomb(10, 10, 700)],
  ['invalid', 'empty', () => Buffer.alloc(0)],
])('%s: a file that is %s is refused and leaves nothing', async (kind, _what, make) => {
  const { app, ann } = await world();
  const error = await errorOf(add(app, ann, await make()));
  expect(error.kind).toBe(kind as typeof error.kind);
  expect(error.message).toMatch(/^[A-Z].*\.$/);
  expect(tempFiles(app)).toEqual([]);
  expect(await blobFiles(app)).toEqual([]);
  expect(findUsage(app.ctx.db, ann)?.reservedBytes ?? 0).toBe(0);
});

test.each([
  ['unavailable', 'worker_failed'],
  ['unavailable', 'too_slow'],
  ['invalid', 'out_of_memory'],
] as const)(
  '%s: a worker that says %s costs one upload and nothing else',
  async (kind, refusal) => {
    let broken = true;
    const here = imagesHere();
    const images = {
      run: (task: Parameters<typeof here.run>[0]) =>
        broken ? Promise.reject(new ImageRefused(refusal, 'a test')) : here.run(task),
    };
    const { app, ann } = await world({ images });
    expect((await errorOf(add(app, ann, await photo()))).kind).toBe(kind);
    expect(tempFiles(app)).toEqual([]);
    expect(findUsage(app.ctx.db, ann)?.reservedBytes).toBe(0);
    broken = false;
    expect((await add(app, ann, await photo())).renditions).toHaveLength(3);
  },
);

test('a database that refuses the rows leaves neither files nor a reservation', async () => {
  const { app, ann } = await world();
  app.ctx.db.run(`CREATE TRIGGER broken BEFORE INSERT ON renditions BEGIN
    SELECT raise(ABORT, 'broken for a test'); END`);
  await expect(add(app, ann, await photo())).rejects.toThrow('broken for a test');
  expect(await blobFiles(app)).toEqual([]);
  expect(tempFiles(app)).toEqual([]);
  expect(findUsage(app.ctx.db, ann)).toMatchObject({ originalBytes: 0, reservedBytes: 0 });
});

test('a description beyond 1,500 characters is refused before any work', async () => {
  const { app, ann } = await world();
  const long = await errorOf(add(app, ann, await photo(), { description: '😀'.repeat(1501) }));
  expect(long.kind).toBe('invalid');
  const media = await add(app, ann, await photo(), { description: '😀'.repeat(1500) });
  expect([...media.description]).toHaveLength(1500);
  expect(tempFiles(app)).toEqual([]);
});

test('turning and cropping starts from the original every time, under new names', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await quarters(800, 400).jpeg({ quality: 95 }).toBuffer());
  const turned = await describeMedia(app.ctx, ann, media.id, {
    edits: { rotate: 90, crop: { x: 0, y: 0, width: 1, height: 0.5 } },
  });
  expect(turned).toMatchObject({ width: 400, height: 400, id: media.id });
  expect(turned.edits?.rotate).toBe(90);
  const names = (view: typeof media) => view.renditions.map((rendition) => rendition.blobName);
  expect(names(turned).some((name) => names(media).includes(name))).toBe(false);
  await app.settle();
  expect(await blobFiles(app)).toHaveLength(4);
  const back = await describeMedia(app.ctx, ann, media.id, { edits: null });
  expect(back).toMatchObject({ width: 800, height: 400, edits: null, blurhash: media.blurhash });
  const large = back.renditions.find((rendition) => rendition.name === 'large');
  expect(await readQuarters(app.ctx.files.mediaPath(large?.blobName ?? ''))).toBe('RGBY');
  expect(await reconcileUsage(app.ctx)).toEqual([]);
});

test('without a kept original a cut applies to the picture as it is', async () => {
  const { app, ann } = await world();
  const bytes = await quarters(800, 400).jpeg({ quality: 95 }).toBuffer();
  const media = await add(app, ann, bytes, { keepOriginal: false });
  const edits = { rotate: 90 as const, crop: null };
  const once = await describeMedia(app.ctx, ann, media.id, { edits });
  expect(once).toMatchObject({ width: 400, height: 800, edits: null });
  const twice = await describeMedia(app.ctx, ann, media.id, { edits });
  expect(twice).toMatchObject({ width: 800, height: 400, edits: null });
  const large = twice.renditions.find((rendition) => rendition.name === 'large');
  expect(await readQuarters(app.ctx.files.mediaPath(large?.blobName ?? ''))).toBe('BYRG');
});

test('two cuts at the same moment: one is stored, the other is told, nothing is left over', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await photo());
  const results = await Promise.allSettled(
    ([90, 180] as const).map((rotate) =>
      describeMedia(app.ctx, ann, media.id, { edits: { rotate, crop: null } }),
    ),
  );
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  await app.settle();
  expect(await blobFiles(app)).toHaveLength(4);
  expect(tempFiles(app)).toEqual([]);
  expect(await reconcileUsage(app.ctx)).toEqual([]);
});

test('nobody changes the photo of another', async () => {
  const { app, ann } = await world();
  const ben = (await app.person('ben')).viewer.id;
  const media = await add(app, ann, await photo());
  const error = await errorOf(describeMedia(app.ctx, ben, media.id, { description: 'mine' }));
  expect(error.kind).toBe('not_found');
});

test('photos are given to a post in order, once, by their owner', async () => {
  const { app, ann } = await world();
  const ben = (await app.person('ben')).viewer.id;
  const [post, other] = [insertPost(app, ann), insertPost(app, ann)];
  const bytes = await photo(64, 64);
  const [a, b, c] = [
    (await add(app, ann, bytes)).id,
    (await add(app, ann, bytes)).id,
    (await add(app, ben, bytes)).id,
  ];
  const order = () => (listMediaOfPosts(app.ctx.db, [post]).get(post) ?? []).map(({ id }) => id);
  const attach = (to: number, ids: number[]) =>
    transaction(app.ctx.db, () => attachMedia(app.ctx.db, ann, to, ids));
  attach(post, [b, a]);
  expect(order()).toEqual([b, a]);
  attach(post, [a, b]);
  expect(order()).toEqual([a, b]);
  expect(() => attach(other, [a])).toThrow('already part of another post');
  expect(() => attach(other, [c])).toThrow('not there any more');
  expect(() => attach(other, [a, a])).toThrow('only once');
  transaction(app.ctx.db, () => detachMedia(app.ctx, post, [a]));
  expect(order()).toEqual([b]);
  attach(other, [a]);
});

test('T61: an offered original keeps its pixels and loses what follows the author, once for all who ask', async () => {
  const { app, ann } = await world();
  const picture = sharp({
    create: { width: 300, height: 200, channels: 3, background: '#678' },
  });
  const media = await add(app, ann, new Uint8Array(await dirtyJpeg(picture)));
  const before = readMeter(app.ctx, ann);
  const [one, two] = await Promise.all([
    offerOriginal(app.ctx, media),
    offerOriginal(app.ctx, media),
  ]);
  expect(one).toEqual(two);
  expect(one).toMatchObject({ name: 'offered', width: 300, height: 200, mime: 'image/jpeg' });
  expect(readMeter(app.ctx, ann).renditionsBytes).toBe(before.renditionsBytes + one.bytes);
  const clean = readFileSync(app.ctx.files.mediaPath(one.blobName)).toString('latin1');
  expect(clean).not.toContain('GPS');
  expect(clean).not.toContain('SERIAL');
  expect(await offerOriginal(app.ctx, readMedia(app.ctx.db, [media.id])[0] ?? media)).toEqual(one);
});

test('T61: an offered original shows no more than its author cut', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await quarters(800, 400).jpeg({ quality: 95 }).toBuffer());
  await offerOriginal(app.ctx, media);
  const crop = { x: 0, y: 0, width: 0.5, height: 1 };
  const cut = await describeMedia(app.ctx, ann, media.id, { edits: { rotate: 0, crop } });
  expect(cut.renditions.map((rendition) => rendition.name)).not.toContain('offered');
  const offered = await offerOriginal(app.ctx, cut);
  expect(offered).toMatchObject({ width: 400, height: 400 });
  expect(await readQuarters(app.ctx.files.mediaPath(offered.blobName))).toBe('RRYY');
  await app.settle();
  expect(await blobFiles(app)).toHaveLength(5);
  expect(await reconcileUsage(app.ctx)).toEqual([]);
});

test('a copy that cannot be made costs the image worker one try in ten minutes', async () => {
  let tries = 0;
  let broken = false;
  const here = imagesHere();
  const images = {
    run: (task: Parameters<typeof here.run>[0]) => {
      tries += 1;
      return broken ? Promise.reject(new ImageRefused('damaged', 'a test')) : here.run(task);
    },
  };
  const { app, ann } = await world({ images });
  const media = await add(app, ann, await photo(64, 64));
  broken = true;
  tries = 0;
  for (let n = 0; n < 5; n += 1) await errorOf(offerOriginal(app.ctx, media));
  expect(tries).toBe(1);
  broken = false;
  app.clock.advance(601_000);
  expect((await offerOriginal(app.ctx, media)).name).toBe('offered');
  expect(tempFiles(app)).toEqual([]);
});

test('a copy that its author has no room for costs the image worker one try as well', async () => {
  let tries = 0;
  const here = imagesHere();
  const images = {
    run: (task: Parameters<typeof here.run>[0]) => {
      tries += 1;
      return here.run(task);
    },
  };
  const { app, ann } = await world({ images });
  const media = await add(app, ann, await photo(64, 64));
  saveQuota(app.ctx.db, ann, readMeter(app.ctx, ann).usedBytes + 1);
  tries = 0;
  for (let n = 0; n < 3; n += 1) await errorOf(offerOriginal(app.ctx, media));
  expect(tries).toBe(1);
  saveQuota(app.ctx.db, ann, null);
  app.clock.advance(601_000);
  expect((await offerOriginal(app.ctx, media)).name).toBe('offered');
  expect(await reconcileUsage(app.ctx)).toEqual([]);
});
