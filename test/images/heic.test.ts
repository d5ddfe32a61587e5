import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { cleanOriginal } from '#base/platform/images/clean-original.ts';
import { inspectImage } from '#base/platform/images/inspect.ts';
import { findLeaks } from '#test/harness/leaks.ts';
import { createPictureFolder, limits, renderHere, sharp } from '#test/harness/pictures.ts';

const folder = createPictureFolder();
// Other work may have the processor for itself for a while.
setDefaultTimeout(60_000);
afterAll(folder.remove);

const source = new URL('../fixtures/photo-gps.heic', import.meta.url).pathname;

test('a HEIC is known by its bytes and rendered like any photo', async () => {
  const { format, mime, width, height, frames } = inspectImage(source);
  expect({ format, mime, frames }).toEqual({ format: 'heic', mime: 'image/heic', frames: 1 });
  const result = await renderHere(folder, source);
  expect(result.outputs.map((output) => output.mime)).toEqual([
    ...['image/jpeg', 'image/webp', 'image/webp', 'image/jpeg'],
  ]);
  expect(result.width * result.height).toBe(width * height);
  for (const output of result.outputs) {
    // A drawn scene has light and dark: an empty or garbled raster would not.
    const { channels } = await sharp(output.path).stats();
    expect(channels.some((channel) => channel.stdev > 10)).toBe(true);
  }
});

test('T61: nothing of a HEIC tells where it was taken; its clean copy is a JPEG', async () => {
  expect((await sharp(source).metadata()).exif).toBeDefined();
  for (const output of (await renderHere(folder, source)).outputs) {
    expect(findLeaks(readFileSync(output.path))).toEqual([]);
  }
  const path = folder.path('clean');
  const result = await cleanOriginal(sharp, { kind: 'clean', source, path, limits }, 1e9);
  expect(result).toMatchObject({ reencoded: true, output: { mime: 'image/jpeg' } });
  expect(findLeaks(readFileSync(path))).toEqual([]);
});

test('a HEIC that is cut or broken is refused', async () => {
  const whole = readFileSync(source);
  for (const share of [0.1, 0.5, 0.9]) {
    const cut = await folder.write('cut.heic', whole.subarray(0, Math.floor(whole.length * share)));
    let refused = false;
    try {
      await renderHere(folder, cut);
    } catch {
      refused = true;
    }
    expect(refused).toBe(true);
  }
});
