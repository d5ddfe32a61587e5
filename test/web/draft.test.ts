import { describe, expect, test } from 'bun:test';
import { settingsLimits } from '#doors/pages/settings-limits.ts';
import { createTestApp } from '#test/harness/app.ts';
import { type Draft, type DraftPhoto, movePhoto, newPhoto, readDraft } from '#web/client/draft.ts';
import { nextUploads, pendingBytes, publishObstacle } from '#web/client/queue.ts';
import { refuseFile } from '#web/client/refuse-file.ts';

const photo = (key: string, over: Partial<DraftPhoto> = {}): DraftPhoto => ({
  ...newPhoto(key, { name: `${key}.jpg`, size: 100 }),
  ...over,
});

const draft = (...photos: DraftPhoto[]): Draft => ({
  version: 1,
  key: 'k',
  photos,
  words: { caption: '', visibility: 'public', place: '', licence: '', spoiler: '' },
});

const order = (value: Draft) => value.photos.map((one) => one.key).join('');

describe('a draft', () => {
  test('moves a photo to its new place and keeps the order of the others', () => {
    const abcd = draft(photo('a'), photo('b'), photo('c'), photo('d'));
    expect(order(movePhoto(abcd, 'd', 0))).toBe('dabc');
    expect(order(movePhoto(abcd, 'a', 2))).toBe('bcad');
    expect(order(movePhoto(abcd, 'b', 99))).toBe('acdb');
    expect(order(movePhoto(abcd, 'b', -1))).toBe('bacd');
    expect(order(movePhoto(abcd, 'nobody', 1))).toBe('abcd');
  });

  test('is read back as it was kept, and anything else is no draft', () => {
    const kept = draft(photo('a'));
    expect(readDraft(JSON.stringify(kept))).toEqual(kept);
    for (const text of [null, '', 'null', '[]', '{"version":2}', '{"version":1}']) {
      expect(readDraft(text)).toBeNull();
    }
  });
});

describe('the upload queue', () => {
  test('starts two at a time, in the order of the photos', () => {
    const photos = [photo('a'), photo('b'), photo('c')];
    expect(nextUploads(photos)).toEqual(['a', 'b']);
    photos[0] = photo('a', { state: 'sending' });
    expect(nextUploads(photos)).toEqual(['b']);
    photos[1] = photo('b', { state: 'sending' });
    expect(nextUploads(photos)).toEqual([]);
    photos[0] = photo('a', { state: 'ready' });
    expect(nextUploads(photos)).toEqual(['c']);
  });

  test('a failed photo holds no slot and does not start by itself', () => {
    const photos = [photo('a', { state: 'failed' }), photo('b'), photo('c')];
    expect(nextUploads(photos)).toEqual(['b', 'c']);
  });

  test('counts the bytes that are still to come', () => {
    const photos = [photo('a', { state: 'ready' }), photo('b', { state: 'sending' }), photo('c')];
    expect(pendingBytes(photos)).toBe(200);
  });

  test('says what stands between a draft and its publication', () => {
    const ready = photo('a', { state: 'ready' });
    expect(publishObstacle([], 10, false)).toBe('needPhoto');
    expect(publishObstacle([ready, photo('b')], 10, false)).toBe('stillUploading');
    expect(publishObstacle([ready, photo('b', { state: 'failed' })], 10, false)).toBe('someFailed');
    expect(publishObstacle([ready], -1, false)).toBe('tooLong');
    expect(publishObstacle([ready], 10, true)).toBe('altRequired');
    expect(publishObstacle([{ ...ready, alt: 'A heron' }], 10, true)).toBeNull();
    expect(publishObstacle([ready], 10, false)).toBeNull();
  });
});

test('only what can be no photo is refused before its upload', () => {
  const limits = { maxFileBytes: 1000, accept: 'image/jpeg,image/heic' };
  const file = (name: string, type: string, size = 10) => ({ name, type, size });
  expect(refuseFile(file('a.jpg', 'image/jpeg'), limits)).toBeNull();
  expect(refuseFile(file('IMG_1.HEIC', ''), limits)).toBeNull();
  expect(refuseFile(file('noname', 'image/heic'), limits)).toBeNull();
  expect(refuseFile(file('a.svg', 'image/svg+xml'), limits)).toContain('not a photo');
  expect(refuseFile(file('notes.txt', 'text/plain'), limits)).toContain('not a photo');
  expect(refuseFile(file('a.jpg', 'image/jpeg', 1001), limits)).toContain('1 kB');
});

test('the page names its types so that a file without an ending is known by its own', async () => {
  const app = await createTestApp();
  const { viewer } = await app.person('ann', 'owner');
  const limits = settingsLimits(app.ctx, viewer.id);
  for (const type of ['image/jpeg', 'image/heic', 'image/gif']) {
    expect(refuseFile(new File(['x'], '1000004711', { type }), limits)).toBeNull();
  }
  expect(refuseFile(new File(['x'], 'drawing', { type: 'image/svg+xml' }), limits)).not.toBeNull();
  await app.close();
});
