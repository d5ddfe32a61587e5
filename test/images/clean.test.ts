import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { cleanOriginal } from '#base/platform/images/clean-original.ts';
import {
  animation,
  dirtyGif,
  dirtyJpeg,
  dirtyPng,
  dirtyWebp,
  secrets,
  withSecrets,
} from '#test/harness/dirty-pictures.ts';
import { findLeaks } from '#test/harness/leaks.ts';
import {
  createPictureFolder,
  limits,
  noise,
  quarters,
  readQuarters,
  renderHere,
  sharp,
} from '#test/harness/pictures.ts';

// Other work may have the processor for itself for a while.
setDefaultTimeout(60_000);

const folder = createPictureFolder();
afterAll(folder.remove);

const memoryBytes = 512 * 1024 * 1024;

async function clean(name: string, bytes: Buffer) {
  const source = await folder.write(name, bytes);
  const path = folder.path(`${name}.clean`);
  const result = await cleanOriginal(sharp, { kind: 'clean', source, path, limits }, memoryBytes);
  return { source, path, result, bytes: Buffer.from(await Bun.file(path).arrayBuffer()) };
}

function pixels(path: string): Promise<Buffer> {
  return sharp(path, { pages: -1 }).raw().toBuffer();
}

const dirty = {
  'dirty.jpg': () => dirtyJpeg(noise(160, 80)),
  'progressive.jpg': async () =>
    dirtyJpeg(sharp(await noise(160, 80).jpeg({ progressive: true }).toBuffer())),
  'dirty.png': () => dirtyPng(noise(160, 80)),
  'dirty.webp': () => dirtyWebp(noise(160, 80)),
  'dirty.gif': () => dirtyGif(noise(160, 80)),
  'moving.gif': () => dirtyGif(animation(80, 40, 3)),
  'moving.webp': () => dirtyWebp(animation(80, 40, 3)),
  'dirty.avif': () => withSecrets(noise(160, 80)).avif({ effort: 0 }).toBuffer(),
};

describe('T61: no file made from a picture', () => {
  for (const [name, make] of Object.entries(dirty)) {
    test(`tells position, serial numbers or history: ${name}`, async () => {
      const bytes = await make();
      expect(findLeaks(bytes, secrets).length).toBeGreaterThan(0);
      const source = await folder.write(name, bytes);
      const { outputs } = await renderHere(folder, source);
      expect(outputs).toHaveLength(4);
      for (const output of outputs) {
        const file = Buffer.from(await Bun.file(output.path).arrayBuffer());
        expect(findLeaks(file, secrets)).toEqual([]);
      }
      expect(findLeaks((await clean(name, bytes)).bytes, secrets)).toEqual([]);
    });
  }
});

describe('T60: a cleaned original', () => {
  for (const [name, make] of Object.entries(dirty)) {
    if (name.endsWith('avif')) continue;
    test(`keeps its pixels bit for bit and ends where the picture ends: ${name}`, async () => {
      const { source, path, result, bytes } = await clean(name, await make());
      expect(result.reencoded).toBe(false);
      expect(result.output.bytes).toBe(bytes.length);
      expect((await pixels(path)).equals(await pixels(source))).toBe(true);
      expect(findLeaks(bytes, secrets)).toEqual([]);
    });
  }

  test('keeps the orientation and nothing else of the EXIF', async () => {
    const makers = { jpg: dirtyJpeg, png: dirtyPng, webp: dirtyWebp };
    for (const [type, make] of Object.entries(makers)) {
      for (let orientation = 1; orientation <= 8; orientation += 1) {
        const base = sharp(await quarters(80, 40).png().toBuffer());
        const { source, path, result } = await clean(`o.${type}`, await make(base, orientation));
        expect((await sharp(path).metadata()).orientation ?? 1).toBe(orientation);
        const wide = orientation <= 4;
        expect([result.output.width, result.output.height]).toEqual(wide ? [80, 40] : [40, 80]);
        const seen = folder.path('seen.png');
        await sharp(source).autoOrient().png().toFile(seen);
        const expected = await readQuarters(seen);
        await sharp(path).autoOrient().png().toFile(seen);
        expect(await readQuarters(seen)).toBe(expected);
      }
    }
  });

  test('keeps its colour profile, loop and timing', async () => {
    for (const type of ['jpeg', 'png', 'webp'] as const) {
      const wide = await noise(64, 64).withIccProfile('p3')[type]().toBuffer();
      const { path, source } = await clean(`wide.${type}`, wide);
      const view = (file: string) => sharp(file).toColourspace('srgb').raw().toBuffer();
      expect((await sharp(path).metadata()).icc).toBeDefined();
      expect((await view(path)).equals(await view(source))).toBe(true);
    }
    const { path } = await clean('loop.gif', await dirtyGif(animation(20, 20, 3)));
    expect(await sharp(path, { pages: -1 }).metadata()).toMatchObject({ pages: 3, loop: 3 });
  });

  test('is encoded again where the container cannot be cut: AVIF becomes a JPEG', async () => {
    const { result, path } = await clean('again.avif', await quarters(80, 40).avif().toBuffer());
    expect(result).toMatchObject({ reencoded: true, output: { mime: 'image/jpeg', width: 80 } });
    expect(await readQuarters(path)).toBe('RGBY');
  });

  test('is refused when the file is cut short', async () => {
    for (const type of ['jpeg', 'png', 'webp', 'gif'] as const) {
      const whole = await noise(200, 100)[type]().toBuffer();
      const cut = whole.subarray(0, Math.floor(whole.length * 0.6));
      const source = await folder.write(`cut.${type}`, cut);
      expect(renderHere(folder, source)).rejects.toThrow();
    }
  });
});
