import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import type { ImageHeader, ImageRefusal } from '#base/platform/images/contract.ts';
import { defaultLimits, inspectImage } from '#base/platform/images/inspect.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { avifBomb, gifBomb, jpegBomb, pngBomb, webpBomb } from '#test/harness/bombs.ts';
import { animation, dirtyJpeg } from '#test/harness/dirty-pictures.ts';
import { createPictureFolder, noise } from '#test/harness/pictures.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

const folder = createPictureFolder();
afterAll(folder.remove);

/** Milliseconds that a look at a header may take, on a machine that runs other tests beside. */
const MOST_MS = 1500;

let names = 0;
async function inspect(bytes: Uint8Array): Promise<ImageHeader | ImageRefusal> {
  names += 1;
  const path = await folder.write(`picture-${names % 4}`, bytes);
  const started = performance.now();
  try {
    return inspectImage(path);
  } catch (error) {
    // Anything else is a mistake of the reader, and would be told to nobody.
    if (error instanceof ImageRefused) return error.refusal;
    throw error;
  } finally {
    expect(performance.now() - started).toBeLessThan(MOST_MS);
  }
}

let seeds: Buffer[] = [];
beforeAll(async () => {
  seeds = [
    await dirtyJpeg(noise(60, 40)),
    await noise(60, 40).jpeg({ progressive: true }).toBuffer(),
    await noise(60, 40).png().toBuffer(),
    pngBomb(40, 20, 7),
    await animation(20, 20, 3).webp().toBuffer(),
    await noise(60, 40).webp({ lossless: true }).toBuffer(),
    await animation(20, 20, 3).gif().toBuffer(),
    await noise(60, 40).avif({ effort: 0 }).toBuffer(),
    await noise(60, 40).ensureAlpha(0.5).avif({ effort: 0 }).toBuffer(),
    Buffer.from(await Bun.file('test/fixtures/photo-gps.heic').bytes()),
    webpBomb(16, 16, 20),
    gifBomb(5, 5, 20),
    await jpegBomb(50, 50),
    await avifBomb(50, 50),
  ];
});

/** A change of a header: bytes set, a piece doubled, cut out, or filled. */
const mutation = fc.record({
  seed: fc.nat(13),
  sets: fc.array(
    fc.tuple(
      fc.nat(2000),
      fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff), fc.nat(255)),
      fc.integer({ min: 1, max: 8 }),
    ),
    { maxLength: 6 },
  ),
  move: fc.option(fc.tuple(fc.nat(1500), fc.nat(1500), fc.nat(600))),
  cut: fc.option(fc.nat(3000)),
});

describe('T55 T56: a header that lies', () => {
  test('is refused or read within its bounds, at once, whatever was changed in it', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async ({ seed, sets, move, cut }) => {
        let bytes = Buffer.from(seeds[seed] ?? Buffer.alloc(0));
        for (const [at, value, length] of sets) {
          bytes.fill(
            value,
            at % bytes.length,
            Math.min(bytes.length, (at % bytes.length) + length),
          );
        }
        if (move) {
          const piece = Buffer.from(bytes.subarray(move[1], move[1] + move[2]));
          piece.copy(bytes, move[0] % bytes.length);
        }
        if (cut) bytes = bytes.subarray(0, cut % bytes.length);
        const outcome = await inspect(bytes);
        if (typeof outcome === 'string') return;
        expect(outcome.width * outcome.height).toBeLessThanOrEqual(defaultLimits.maxPixels);
        expect(outcome.frames).toBeLessThanOrEqual(defaultLimits.maxFrames);
        expect(Number.isSafeInteger(outcome.width) && outcome.width > 0).toBe(true);
        expect(Number.isSafeInteger(outcome.height) && outcome.height > 0).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  test('an AVIF of very many references and helpers', async () => {
    expect(await inspect(avifWith(1, 10_000))).toMatchObject({ format: 'avif', width: 100 });
    expect(await inspect(avifWith(40, 1))).toBe('damaged');
    expect(await inspect(avifWith(100, 5000))).toBe('damaged');
  });
});

describe('T56: frames behind more blocks than anybody reads', () => {
  test('GIF', async () => {
    const bomb = gifBomb(9000, 9000, 400);
    const first = gifBomb(1, 1, 1).subarray(0, -1);
    const comments = Buffer.alloc(250_000 * 3, Buffer.from('\x21\xfe\0', 'latin1'));
    expect(await inspect(Buffer.concat([first, comments, bomb.subarray(13)]))).toBe('damaged');
    const pieces = Buffer.concat([Buffer.from('\x21\xfe', 'latin1'), Buffer.alloc(30_000_000, 1)]);
    expect(await inspect(Buffer.concat([first, pieces]))).toBe('damaged');
  });
  test('WebP', async () => {
    const bomb = webpBomb(1000, 1000, 590);
    const filler = Buffer.alloc(30_000 * 8, Buffer.from('ABCD\0\0\0\0', 'latin1'));
    const file = Buffer.concat([bomb.subarray(0, 30), filler, bomb.subarray(30)]);
    expect(await inspect(file)).toBe('damaged');
  });
});

function u(bytes: number, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u(4, body.length + 8), Buffer.from(type, 'latin1'), body]);
}

/** An AVIF header with so many `auxl` boxes of so many references to the picture each. */
function avifWith(boxes: number, each: number): Buffer {
  const version = (n: number) => u(4, n * 2 ** 24);
  const item = box('infe', version(2), u(2, 1), u(2, 0), Buffer.from('av01\0'));
  const size = box('ispe', version(0), u(4, 100), u(4, 100));
  const helpers = Array.from({ length: boxes }, (_, n) =>
    box('auxl', u(2, n + 2), u(2, each), ...Array.from({ length: each }, () => u(2, 1))),
  );
  return Buffer.concat([
    box('ftyp', Buffer.from('avif\0\0\0\0mif1avif', 'latin1')),
    box(
      'meta',
      version(0),
      box('pitm', version(0), u(2, 1)),
      box('iinf', version(0), u(2, 1), item),
      box('iprp', box('ipco', size), box('ipma', version(0), u(4, 1), u(2, 1), u(1, 1), u(1, 1))),
      box('iref', version(0), ...helpers),
    ),
  ]);
}
