import { afterEach, expect, test } from 'bun:test';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { removeMedia } from '#domain/media/remove.ts';
import { readInstanceMeter, readMeter, readMeters } from '#domain/storage/meter.ts';
import { findUsage } from '#domain/storage/queries.ts';
import { checkSpace, releaseSpace, reserveSpace } from '#domain/storage/quota.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { setQuota } from '#domain/storage/set-quota.ts';
import type { TestApp } from '#test/harness/app.ts';
import { add, blobFiles, createMediaApp, photo, tempFiles } from '#test/media/world.ts';

const open: TestApp[] = [];
async function world(settings: Record<string, string> = {}) {
  const app = await createMediaApp({ settings: { 'storage.min_free': '0', ...settings } });
  open.push(app);
  const ann = await app.person('ann', 'owner');
  return { app, ann: ann.viewer.id };
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});

async function kindOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    return error instanceof AppError ? error.kind : String(error);
  }
}

test('T66: of 20 parallel uploads exactly those pass that fit to the byte', async () => {
  const { app, ann } = await world();
  const bytes = await photo(320, 240);
  await add(app, ann, bytes);
  const each = readMeter(app.ctx, ann).usedBytes;
  for (const [fits, quota] of [
    [5, each * 6],
    [4, each * 11 - 1],
  ] as const) {
    const before = readMeter(app.ctx, ann).usedBytes / each;
    setQuota(app.ctx, ann, quota);
    const kinds = await Promise.all(Array.from({ length: 20 }, () => kindOf(add(app, ann, bytes))));
    expect(kinds.filter((kind) => kind === 'done')).toHaveLength(fits);
    expect(kinds.filter((kind) => kind === 'out_of_space')).toHaveLength(20 - fits);
    expect(readMeter(app.ctx, ann).usedBytes).toBe((before + fits) * each);
    expect(readMeter(app.ctx, ann).usedBytes).toBeLessThanOrEqual(quota);
  }
  expect(findUsage(app.ctx.db, ann)?.reservedBytes).toBe(0);
  expect(await reconcileUsage(app.ctx)).toEqual([]);
  expect(tempFiles(app)).toEqual([]);
  expect(await blobFiles(app)).toHaveLength(10 * 4);
}, 60_000);

test('T66: the quota of the instance holds for all accounts together', async () => {
  const { app, ann } = await world();
  const ben = (await app.person('ben')).viewer.id;
  const bytes = await photo(320, 240);
  await add(app, ann, bytes);
  const each = readMeter(app.ctx, ann).usedBytes;
  const { app: small, ann: one } = await world({ 'quota.instance': String(each * 3) });
  const two = (await small.person('ben')).viewer.id;
  const kinds = await Promise.all(
    [one, two, one, two, one, two].map((id) => kindOf(add(small, id, bytes))),
  );
  expect(kinds.filter((kind) => kind === 'done')).toHaveLength(3);
  expect(readInstanceMeter(small.ctx).usedBytes).toBe(each * 3);
  expect(readMeter(app.ctx, ben).usedBytes).toBe(0);
});

test('a photo without its original counts only its renditions', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await photo(), { keepOriginal: false });
  expect(media.originalBlob).toBeNull();
  const meter = readMeter(app.ctx, ann);
  expect(meter.originalsBytes).toBe(0);
  expect(meter.renditionsBytes).toBe(
    media.renditions.reduce((sum, rendition) => sum + rendition.bytes, 0),
  );
});

test('removing gives the room back in the same transaction, and the files go after it', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await photo());
  expect(await blobFiles(app)).toHaveLength(4);
  expect(() =>
    transaction(app.ctx.db, () => {
      removeMedia(app.ctx, [media.id]);
      throw new Error('the post could not be deleted');
    }),
  ).toThrow();
  expect(readMeter(app.ctx, ann).usedBytes).toBeGreaterThan(0);
  await app.settle();
  expect(await blobFiles(app)).toHaveLength(4);
  transaction(app.ctx.db, () => removeMedia(app.ctx, [media.id]));
  expect(readMeter(app.ctx, ann).usedBytes).toBe(0);
  await app.settle();
  expect(await blobFiles(app)).toEqual([]);
});

test('reservations count until they are released, and releasing twice is harmless', async () => {
  const { app, ann } = await world({ 'quota.account': '1000' });
  const first = reserveSpace(app.ctx, ann, 600);
  expect(() => reserveSpace(app.ctx, ann, 401)).toThrow('storage is full');
  releaseSpace(app.ctx, first);
  releaseSpace(app.ctx, first);
  expect(findUsage(app.ctx.db, ann)?.reservedBytes).toBe(0);
  releaseSpace(app.ctx, reserveSpace(app.ctx, ann, 1000));
});

test('T122: reservations, temp files and doomed files of a dead process are cleared at the start', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await photo());
  reserveSpace(app.ctx, ann, 5000);
  await Bun.write(app.ctx.files.tempPath(), 'half an upload');
  transaction(app.ctx.db, () => removeMedia(app.ctx, [media.id]));
  app.ctx.db.run('DELETE FROM jobs');
  const again = await app.reopen();
  open.push(again);
  expect(findUsage(again.ctx.db, ann)?.reservedBytes).toBe(0);
  expect(tempFiles(again)).toEqual([]);
  await again.settle();
  expect(await blobFiles(again)).toEqual([]);
});

test('a disk that is almost full refuses uploads while removing goes on', async () => {
  const { app, ann } = await world({ 'storage.min_free': '0' });
  const media = await add(app, ann, await photo());
  const data = app.ctx.config.data;
  await app.app.stop();
  const full = await createMediaApp({ data, settings: { 'storage.min_free': '900TB' } });
  open.push(full);
  expect(await kindOf(add(full, ann, await photo()))).toBe('out_of_space');
  expect(() => checkSpace(full.ctx, ann, 1)).toThrow('disk of this server is almost full');
  transaction(full.ctx.db, () => removeMedia(full.ctx, [media.id]));
  await full.settle();
  expect(await blobFiles(full)).toEqual([]);
});

test('a quota of one account goes before the common one, 0 means none, and null gives it back', async () => {
  const { app, ann } = await world({ 'quota.account': '500' });
  expect(readMeter(app.ctx, ann).quotaBytes).toBe(500);
  setQuota(app.ctx, ann, 9000);
  expect(readMeter(app.ctx, ann).quotaBytes).toBe(9000);
  setQuota(app.ctx, ann, 0);
  expect(readMeters(app.ctx, [ann, 999]).get(ann)?.quotaBytes).toBeNull();
  setQuota(app.ctx, ann, null);
  expect(readMeters(app.ctx, [ann, 999]).get(999)?.quotaBytes).toBe(500);
});

test('a cut that makes a photo lighter passes even when the account is beyond its quota', async () => {
  const { app, ann } = await world();
  const media = await add(app, ann, await photo());
  setQuota(app.ctx, ann, 10);
  const { describeMedia } = await import('#domain/media/describe.ts');
  const crop = { x: 0, y: 0, width: 0.5, height: 0.5 };
  await describeMedia(app.ctx, ann, media.id, { edits: { rotate: 0, crop } });
  expect(await kindOf(describeMedia(app.ctx, ann, media.id, { edits: null }))).toBe('out_of_space');
  expect(await reconcileUsage(app.ctx)).toEqual([]);
  await app.settle();
  expect(await blobFiles(app)).toHaveLength(4);
});

test('the nightly comparison finds a wrong meter, sets it right and says so', async () => {
  const { app, ann } = await world();
  await add(app, ann, await photo());
  const right = readMeter(app.ctx, ann);
  app.ctx.db.run('UPDATE usage SET original_bytes = original_bytes + 7, reserved_bytes = 3');
  expect(await reconcileUsage(app.ctx)).toEqual([
    { accountId: ann, originals: -7, renditions: 0, reserved: -3 },
  ]);
  expect(readMeter(app.ctx, ann)).toEqual(right);
  expect(await reconcileUsage(app.ctx)).toEqual([]);
});
