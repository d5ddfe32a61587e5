import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { isBlurhashValid } from 'blurhash';
import { animation, withSecrets } from '#test/harness/dirty-pictures.ts';
import {
  createPictureFolder,
  noise,
  outputOf,
  quarters,
  readQuarters,
  renderHere,
  sharp,
} from '#test/harness/pictures.ts';

// Other work may have the processor for itself for a while.
setDefaultTimeout(60_000);

const folder = createPictureFolder();
afterAll(folder.remove);

describe('renditions of a still picture', () => {
  test('fit their sizes, are never enlarged and have the right types', async () => {
    const source = await folder.write('photo.jpg', await quarters(2600, 1300).jpeg().toBuffer());
    const result = await renderHere(folder, source);
    expect(result).toMatchObject({ width: 2600, height: 1300, animated: false });
    expect(
      result.outputs.map(({ name, mime, width, height }) => [name, mime, width, height]),
    ).toEqual([
      ['large', 'image/jpeg', 2048, 1024],
      ['medium', 'image/webp', 1080, 540],
      ['small', 'image/webp', 480, 240],
      ['peer', 'image/jpeg', 1080, 540],
    ]);
    for (const output of result.outputs) {
      expect(Bun.file(output.path).size).toBe(output.bytes);
      expect(await readQuarters(output.path)).toBe('RGBY');
    }
  });

  test('T65: carry a valid blurhash of at most 5 x 5 components', async () => {
    for (const [width, height, across, down] of [
      [400, 200, 4, 3],
      [200, 400, 3, 4],
      [300, 300, 4, 4],
    ] as const) {
      const bytes = await quarters(width, height).png().toBuffer();
      const source = await folder.write('hash.png', bytes);
      const { blurhash } = await renderHere(folder, source);
      expect(isBlurhashValid(blurhash).result).toBe(true);
      expect(blurhash).toHaveLength(4 + 2 * across * down);
    }
  });

  test('are turned as each of the eight EXIF orientations says', async () => {
    const stored = await quarters(400, 200).jpeg({ quality: 95 }).toBuffer();
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      const bytes = await sharp(stored)
        .withMetadata({ orientation })
        .jpeg({ quality: 95 })
        .toBuffer();
      const source = await folder.write(`turned-${orientation}.jpg`, bytes);
      const upright = folder.path('upright.png');
      await sharp(source).autoOrient().png().toFile(upright);
      const result = await renderHere(folder, source);
      const sideways = orientation > 4;
      expect([result.width, result.height]).toEqual(sideways ? [200, 400] : [400, 200]);
      for (const output of result.outputs) {
        expect(await readQuarters(output.path)).toBe(await readQuarters(upright));
        expect((await sharp(output.path).metadata()).orientation).toBeUndefined();
      }
    }
  });

  test('are turned and then cropped as edited, whatever the stored orientation', async () => {
    const stored = await quarters(400, 200).jpeg({ quality: 95 }).toBuffer();
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      for (const rotate of [0, 90, 180, 270] as const) {
        const bytes = await sharp(stored).withMetadata({ orientation }).jpeg().toBuffer();
        const source = await folder.write('edited.jpg', bytes);
        const upright = await sharp(source).autoOrient().png().toBuffer();
        const { data, info } = await sharp(upright)
          .rotate(rotate)
          .png()
          .toBuffer({ resolveWithObject: true });
        const half = { left: 0, top: 0, width: info.width / 2, height: info.height };
        const expected = folder.path('expected.png');
        await sharp(data).extract(half).png().toFile(expected);
        const crop = { x: 0, y: 0, width: 0.5, height: 1 };
        const result = await renderHere(folder, source, { edits: { rotate, crop } });
        expect([result.width, result.height]).toEqual([half.width, half.height]);
        const large = outputOf(result, 'large');
        expect(await readQuarters(large.path)).toBe(await readQuarters(expected));
      }
    }
  });

  test('keep transparency as WebP, with a JPEG on white for peers', async () => {
    const bytes = await sharp({
      create: { width: 60, height: 60, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const result = await renderHere(folder, await folder.write('clear.png', bytes));
    expect(outputOf(result, 'large').mime).toBe('image/webp');
    expect((await sharp(outputOf(result, 'large').path).metadata()).hasAlpha).toBe(true);
    const peer = await sharp(outputOf(result, 'peer').path).raw().toBuffer();
    expect([...peer.subarray(0, 3)].every((value) => value > 250)).toBe(true);
  });

  test('become a JPEG when an alpha channel hides nothing', async () => {
    const bytes = await quarters(60, 60).ensureAlpha().png().toBuffer();
    const result = await renderHere(folder, await folder.write('opaque.png', bytes));
    expect(outputOf(result, 'large').mime).toBe('image/jpeg');
  });

  test('come from AVIF, WebP, GIF, grey, CMYK and 16-bit pictures alike', async () => {
    const bytes = {
      'a.avif': await quarters(200, 100).avif({ quality: 90 }).toBuffer(),
      'a.webp': await quarters(200, 100).webp({ lossless: true }).toBuffer(),
      'a.gif': await quarters(200, 100).gif().toBuffer(),
      'deep.png': await quarters(200, 100).toColourspace('rgb16').png().toBuffer(),
    };
    for (const [name, file] of Object.entries(bytes)) {
      const result = await renderHere(folder, await folder.write(name, file));
      for (const output of result.outputs) expect(await readQuarters(output.path)).toBe('RGBY');
    }
    const cmyk = await quarters(200, 100).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    const printed = await renderHere(folder, await folder.write('print.jpg', cmyk));
    expect((await sharp(outputOf(printed, 'large').path).metadata()).space).toBe('srgb');
    const grey = await noise(200, 100).greyscale().jpeg().toBuffer();
    expect((await renderHere(folder, await folder.write('grey.jpg', grey))).outputs).toHaveLength(
      4,
    );
  });

  test('keep full colour resolution where edges of colour show, not in a soft photo', async () => {
    const stripes = Buffer.alloc(1600 * 1200 * 3);
    for (let pixel = 0; pixel < 1600 * 1200; pixel += 1) {
      stripes[pixel * 3 + (Math.floor((pixel % 1600) / 7) % 2 === 0 ? 0 : 2)] = 255;
    }
    const edges = await sharp(stripes, { raw: { width: 1600, height: 1200, channels: 3 } })
      .jpeg({ chromaSubsampling: '4:2:0' })
      .toBuffer();
    const soft = await quarters(1600, 1200)
      .blur(30)
      .jpeg({ chromaSubsampling: '4:2:0' })
      .toBuffer();
    const chroma = async (name: string, bytes: Buffer) => {
      const result = await renderHere(folder, await folder.write(name, bytes));
      return (await sharp(outputOf(result, 'large').path).metadata()).chromaSubsampling;
    };
    const graphic = await quarters(1600, 1200).blur(30).png().toBuffer();
    expect(await chroma('edges.jpg', edges)).toBe('4:4:4');
    expect(await chroma('graphic.png', graphic)).toBe('4:4:4');
    expect(await chroma('soft.jpg', soft)).toBe('4:2:0');
  });

  test('can be made in true size, however large, and cropped', async () => {
    const bytes = await quarters(6000, 3000).jpeg().toBuffer();
    const wide = await quarters(18_000, 20).ensureAlpha(0.5).png().toBuffer();
    const spec = { name: 'offered', path: folder.path('true'), fit: 1_000_000, quality: 92 };
    const outputs = [{ ...spec, encode: 'photo' as const }];
    const edits = { rotate: 90, crop: { x: 0, y: 0, width: 1, height: 0.98 } } as const;
    const large = await renderHere(folder, await folder.write('l.jpg', bytes), { outputs, edits });
    expect(outputOf(large, 'offered')).toMatchObject({ width: 3000, height: 5880 });
    expect(await readQuarters(spec.path)).toBe('YRGB');
    const long = await renderHere(folder, await folder.write('w.png', wide), { outputs });
    expect(outputOf(long, 'offered')).toMatchObject({ mime: 'image/webp', width: 16_383 });
  });

  test('give the facts of the camera and nothing that tells who or where', async () => {
    const bytes = await withSecrets(quarters(80, 40)).jpeg().toBuffer();
    const { camera } = await renderHere(folder, await folder.write('camera.jpg', bytes));
    expect(camera).toEqual({
      make: 'Tintype Works',
      model: 'Box One',
      lens: 'Plano 35mm f/2',
      focalLength: 35,
      focalLength35: 52,
      aperture: 2.8,
      exposure: 0.004,
      iso: 200,
      takenAt: '2024-05-06T07:08:09+02:00',
    });
  });
});

describe('renditions of an animation', () => {
  test('keep moving with their timing, and keep their type where it is wanted', async () => {
    const delay = [40, 60, 80, 100];
    const sources = {
      'move.gif': await animation(64, 32, 4).gif({ delay, loop: 2 }).toBuffer(),
      'move.webp': await animation(64, 32, 4).webp({ delay, loop: 2 }).toBuffer(),
    };
    for (const [name, bytes] of Object.entries(sources)) {
      const result = await renderHere(folder, await folder.write(name, bytes));
      const mime = name.endsWith('gif') ? 'image/gif' : 'image/webp';
      expect(result).toMatchObject({ animated: true, width: 64, height: 32 });
      expect(result.outputs.map((output) => output.mime)).toEqual([
        ...[mime, 'image/webp', 'image/webp', 'image/jpeg'],
      ]);
      for (const output of result.outputs.slice(0, 3)) {
        const metadata = await sharp(output.path, { pages: -1 }).metadata();
        expect(metadata).toMatchObject({ pages: 4, loop: 2, delay });
        expect([output.width, output.height]).toEqual([64, 32]);
      }
    }
  });

  test('are resized, turned and cropped frame by frame', async () => {
    const bytes = await animation(400, 200, 3).gif().toBuffer();
    const source = await folder.write('turn.gif', bytes);
    const outputs = [
      { name: 'large', path: folder.path('turn.large'), fit: 100, encode: 'photo', quality: 90 },
      { name: 'small', path: folder.path('turn.small'), fit: 100, encode: 'webp', quality: 90 },
    ] as const;
    const crop = { x: 0, y: 0, width: 1, height: 1 };
    const result = await renderHere(folder, source, {
      edits: { rotate: 90, crop },
      outputs: [...outputs],
    });
    for (const output of result.outputs) {
      expect([output.width, output.height]).toEqual([50, 100]);
      const image = await sharp(output.path, { page: 2 }).removeAlpha().raw().toBuffer();
      const red = (x: number, y: number) => (image[(y * 50 + x) * 3] ?? 0) > 180;
      expect([red(5, 5), red(45, 5), red(45, 95), red(5, 95)]).toEqual([false, true, false, false]);
    }
  });
});
