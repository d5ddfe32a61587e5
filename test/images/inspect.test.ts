import { afterAll, describe, expect, test } from 'bun:test';
import type { ImageHeader, ImageRefusal } from '#base/platform/images/contract.ts';
import { inspectImage } from '#base/platform/images/inspect.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { avifBomb, gifBomb, jpegBomb, pngBomb, webpBomb } from '#test/harness/bombs.ts';
import { animation, dirtyJpeg } from '#test/harness/dirty-pictures.ts';
import { createPictureFolder, noise, quarters, sharp } from '#test/harness/pictures.ts';

const folder = createPictureFolder();
afterAll(folder.remove);

async function inspect(bytes: Uint8Array, name = 'picture'): Promise<ImageHeader | ImageRefusal> {
  const path = await folder.write(name, bytes);
  try {
    return inspectImage(path);
  } catch (error) {
    if (error instanceof ImageRefused) return error.refusal;
    throw error;
  }
}

describe('the header of a picture', () => {
  test('is read from the bytes of every kind that is taken', async () => {
    const photo = () => quarters(120, 80);
    const clear = () => photo().ensureAlpha(0.5);
    const still = { width: 120, height: 80, frames: 1 };
    const expected: [Promise<Buffer>, Partial<ImageHeader>][] = [
      [photo().jpeg().toBuffer(), { format: 'jpeg', mime: 'image/jpeg', hasAlpha: false }],
      [photo().jpeg({ progressive: true }).toBuffer(), { format: 'jpeg', hasAlpha: false }],
      [photo().png().toBuffer(), { format: 'png', mime: 'image/png', hasAlpha: false }],
      [clear().png().toBuffer(), { format: 'png', hasAlpha: true }],
      [photo().webp().toBuffer(), { format: 'webp', mime: 'image/webp', hasAlpha: false }],
      [clear().webp().toBuffer(), { format: 'webp', hasAlpha: true }],
      [photo().webp({ lossless: true }).toBuffer(), { format: 'webp', hasAlpha: false }],
      [clear().webp({ lossless: true }).toBuffer(), { format: 'webp', hasAlpha: true }],
      [photo().gif().toBuffer(), { format: 'gif', mime: 'image/gif' }],
      [photo().avif({ effort: 0 }).toBuffer(), { format: 'avif', mime: 'image/avif' }],
      [clear().avif({ effort: 0 }).toBuffer(), { format: 'avif', hasAlpha: true }],
    ];
    for (const [bytes, header] of expected) {
      expect(await inspect(await bytes)).toMatchObject({ ...still, ...header });
    }
  });

  test('counts the frames of GIF, WebP and APNG', async () => {
    const size = { width: 40, height: 20 };
    const gif = await animation(40, 20, 7).gif().toBuffer();
    const webp = await animation(40, 20, 7).webp().toBuffer();
    expect(await inspect(gif)).toMatchObject({ ...size, format: 'gif', frames: 7 });
    expect(await inspect(webp)).toMatchObject({ ...size, format: 'webp', frames: 7 });
    expect(await inspect(pngBomb(40, 20, 7))).toMatchObject({ ...size, format: 'png', frames: 7 });
  });

  test('T58, T59: is found in nothing but pictures, whatever the name says', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    const hostile: Record<string, string | Buffer> = {
      'photo.jpg': svg,
      'xml.svg': `<?xml version="1.0"?>${svg}`,
      'page.png': '<!doctype html><script>alert(1)</script>',
      'xxe.jpg':
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
      'mvg.png': 'push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 "https://x/"\n',
      'msl.jpg': '<image><read filename="/etc/passwd"/><write filename="/tmp/x.png"/></image>',
      'doc.jpg': '%PDF-1.7\n1 0 obj\n',
      'script.jpg': '%!PS-Adobe-3.0 EPSF-3.0\n',
      'tiff.jpg': Buffer.from('II*\0\x08\0\0\0', 'latin1'),
      'bitmap.png': Buffer.from(`BM${'\0'.repeat(60)}`, 'latin1'),
      'archive.png': Buffer.from('PK\x03\x04', 'latin1'),
      'movie.heic': Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'),
      'pixels.v': Buffer.from('\x08\xf2\xa6\xb6', 'latin1'),
      'sound.webp': Buffer.from('RIFF\0\0\0\0WAVEfmt ', 'latin1'),
      'picture.jxl': Buffer.from('\xff\x0a', 'latin1'),
      'empty.jpg': '',
    };
    for (const [name, bytes] of Object.entries(hostile)) {
      expect([name, await inspect(Buffer.from(bytes), name)]).toEqual([name, 'unsupported']);
    }
  });

  test('survives a file that is cut anywhere in it', async () => {
    const whole = [
      await dirtyJpeg(noise(60, 40)),
      await noise(60, 40).png().toBuffer(),
      await animation(20, 20, 3).webp().toBuffer(),
      await animation(20, 20, 3).gif().toBuffer(),
      await noise(60, 40).avif({ effort: 0 }).toBuffer(),
    ];
    for (const bytes of whole) {
      for (let length = 0; length < Math.min(bytes.length, 400); length += 7) {
        const outcome = await inspect(bytes.subarray(0, length));
        if (typeof outcome === 'string') expect(['unsupported', 'damaged']).toContain(outcome);
      }
    }
  });

  test('survives random bytes behind every beginning', async () => {
    const starts = [
      Buffer.from([0xff, 0xd8, 0xff]),
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      Buffer.from('GIF89a'),
      Buffer.from('RIFF\xff\xff\0\0WEBPVP8X', 'latin1'),
      Buffer.from('\0\0\0\x18ftypavif\0\0\0\0mif1avif\0\0\x01\0meta\0\0\0\0', 'latin1'),
    ];
    for (const start of starts) {
      for (let round = 0; round < 60; round += 1) {
        const tail = crypto.getRandomValues(new Uint8Array(600));
        const outcome = await inspect(Buffer.concat([start, tail]));
        expect(outcome).toBeDefined();
      }
    }
  });
});

describe('T55: a pixel bomb is refused by its header', () => {
  const large = [65_535, 65_535] as const;
  const bombs: Record<string, () => Buffer | Promise<Buffer>> = {
    png: () => pngBomb(...large),
    webp: () => webpBomb(...large),
    gif: () => gifBomb(...large),
    'gif, in a frame larger than the screen': () => gifBomb(65_000, 65_000, 1, true),
    jpeg: () => jpegBomb(...large),
    avif: () => avifBomb(...large),
    'png of one long line': () => pngBomb(2_000_000_000, 1),
    'interlaced png': () => pngBomb(10_001, 10_000),
  };
  for (const [name, make] of Object.entries(bombs)) {
    test(name, async () => {
      const bytes = await make();
      expect(bytes.length).toBeLessThan(2000);
      expect(await inspect(bytes)).toBe('too_many_pixels');
    });
  }

  test('a picture that fits the pixels but not the memory of its decoder', async () => {
    // 90 megapixels: two bytes a coefficient in a progressive JPEG, twelve bytes a pixel in an AVIF.
    const limits = { maxPixels: 100_000_000, maxFrames: 600, memoryBytes: 200 * 1024 * 1024 };
    const inspectSmall = async (bytes: Buffer) => {
      const path = await folder.write('heavy', bytes);
      return () => inspectImage(path, limits);
    };
    expect(await inspectSmall(await jpegBomb(10_000, 9000))).not.toThrow();
    expect(await inspectSmall(await jpegBomb(10_000, 9000, true))).toThrow('MB to decode');
    expect(await inspectSmall(await avifBomb(10_000, 9000))).toThrow('MB to decode');
    expect(await inspectSmall(webpBomb(10_000, 9000))).toThrow('MB to decode');
  });
});

describe('T56: a frame bomb is refused by its header', () => {
  const bombs = {
    gif: () => gifBomb(1, 1, 10_000),
    webp: () => webpBomb(16, 16, 10_000),
    apng: () => pngBomb(16, 16, 10_000),
  };
  for (const [name, make] of Object.entries(bombs)) {
    test(name, async () => {
      expect(await inspect(make())).toBe('too_many_frames');
    });
  }

  test('few frames on a huge canvas', async () => {
    expect(await inspect(gifBomb(9000, 9000, 50))).toBe('too_many_pixels');
    expect(await inspect(webpBomb(9000, 9000, 50))).toBe('too_many_pixels');
  });
});

test('sharp and the header agree on sizes', async () => {
  const bytes = await noise(333, 77).webp().toBuffer();
  const { width, height } = await sharp(bytes).metadata();
  expect(await inspect(bytes)).toMatchObject({ width, height });
});
