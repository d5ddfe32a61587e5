import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { deflateSync } from 'node:zlib';
import { cleanIcc, planColor } from '#base/platform/images/icc.ts';
import { pngChunk } from '#test/harness/dirty-pictures.ts';
import { createPictureFolder, renderHere, sharp } from '#test/harness/pictures.ts';

// Other work may have the processor for itself for a while.
setDefaultTimeout(60_000);

const folder = createPictureFolder();
afterAll(folder.remove);

// Numbers in Display P3; the first three lie outside of sRGB.
const patches = [
  [255, 0, 0],
  [0, 255, 0],
  [10, 20, 250],
  [255, 128, 0],
  [128, 128, 128],
] as const;

/** Display P3 as sharp carries it. */
async function displayP3(): Promise<Buffer> {
  const create = { width: 1, height: 1, channels: 3 as const, background: '#000' };
  const { icc } = await sharp(
    await sharp({ create }).withIccProfile('p3').png().toBuffer(),
  ).metadata();
  if (icc === undefined) throw new Error('no profile');
  return icc;
}

/** A PNG of one colour with exactly these numbers, said to be in Display P3. */
async function inP3(numbers: readonly number[], profile?: Buffer): Promise<Buffer> {
  const pixels = Buffer.alloc(64 * 64 * 3);
  for (let at = 0; at < pixels.length; at += 3) pixels.set(numbers, at);
  const raw = { raw: { width: 64, height: 64, channels: 3 as const } };
  const png = await sharp(pixels, raw).png().toBuffer();
  const packed = Buffer.concat([
    Buffer.from('p3\0\0', 'latin1'),
    deflateSync(profile ?? (await displayP3())),
  ]);
  return Buffer.concat([png.subarray(0, 33), pngChunk('iCCP', packed), png.subarray(33)]);
}

/** The stored numbers in the middle, whatever the profile says of them. */
async function numbersOf(path: string): Promise<number[]> {
  const image = sharp(path, { ignoreIcc: true }).removeAlpha().toColourspace('srgb');
  const middle = { left: 30, top: 30, width: 1, height: 1 };
  return [...(await image.extract(middle).raw({ depth: 'uchar' }).toBuffer())];
}

/** What a viewer on an sRGB screen sees in the middle. */
async function seenOf(path: string): Promise<number[]> {
  const image = sharp(path).removeAlpha().toColourspace('srgb');
  const middle = { left: 30, top: 30, width: 1, height: 1 };
  return [...(await image.extract(middle).raw({ depth: 'uchar' }).toBuffer())];
}

/** The tags of a profile that say which colour a number is. */
function meaning(icc: Buffer | undefined): string {
  if (icc === undefined) return 'none';
  const tags: string[] = [];
  for (let index = 0; index < icc.readUInt32BE(128); index += 1) {
    const at = 132 + index * 12;
    const name = icc.toString('latin1', at, at + 4);
    const start = icc.readUInt32BE(at + 4);
    const body = icc.toString('hex', start, start + icc.readUInt32BE(at + 8));
    if (/^([rgb](XYZ|TRC)|wtpt|chad)$/.test(name)) tags.push(`${name} ${body}`);
  }
  return tags.sort().join('\n');
}

function expectNear(actual: number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(3);
  for (const [index, value] of actual.entries()) {
    expect(Math.abs(value - (expected[index] ?? 0))).toBeLessThanOrEqual(tolerance);
  }
}

test('a Display P3 picture keeps its numbers and what they mean in every rendition', async () => {
  const p3 = meaning(await displayP3());
  for (const patch of patches) {
    const png = await inP3(patch);
    const keep = () => sharp(png).keepIccProfile();
    for (const [name, bytes] of Object.entries({
      'p3.png': png,
      'p3.jpg': await keep().jpeg({ quality: 97, chromaSubsampling: '4:4:4' }).toBuffer(),
      'p3.webp': await keep().webp({ lossless: true }).toBuffer(),
      'p3.avif': await keep().avif({ quality: 97, chromaSubsampling: '4:4:4' }).toBuffer(),
    })) {
      const source = await folder.write(name, bytes);
      const { outputs } = await renderHere(folder, source);
      expect(outputs).toHaveLength(4);
      for (const output of outputs) {
        expect(meaning((await sharp(output.path).metadata()).icc)).toBe(p3);
        expectNear(await numbersOf(output.path), patch, 6);
        expectNear(await seenOf(output.path), await seenOf(source), 8);
      }
    }
  }
});

test('a 16-bit P3 picture keeps its numbers too', async () => {
  const deep = sharp(await inP3([250, 10, 5])).keepIccProfile();
  const source = await folder.write('deep.png', await deep.toColourspace('rgb16').png().toBuffer());
  expect((await sharp(source).metadata()).depth).toBe('ushort');
  for (const output of (await renderHere(folder, source)).outputs) {
    expectNear(await numbersOf(output.path), [250, 10, 5], 6);
    expect(meaning((await sharp(output.path).metadata()).icc)).toBe(meaning(await displayP3()));
  }
});

test('an sRGB picture stays as it is, without a profile', async () => {
  const create = { width: 64, height: 64, channels: 3 as const, background: '#c04020' };
  const bytes = await sharp({ create }).withIccProfile('srgb').png().toBuffer();
  expect((await sharp(bytes).metadata()).icc).toBeDefined();
  for (const output of (await renderHere(folder, await folder.write('s.png', bytes))).outputs) {
    expect((await sharp(output.path).metadata()).icc).toBeUndefined();
    expectNear(await numbersOf(output.path), [0xc0, 0x40, 0x20], 6);
  }
});

test('a picture whose profile cannot travel along is converted to sRGB', async () => {
  expect(planColor(undefined)).toEqual({ attach: null, pixels: 'keep' });
  // The same colours in a profile that is as heavy as a printer's: not for every thumbnail.
  const heavy = withTag(await displayP3(), 'B2A9', 'x'.repeat(8000));
  heavy.write('B2A0', heavy.indexOf('B2A9'), 'latin1');
  expect(planColor(heavy)).toEqual({ attach: null, pixels: 'convert' });
  const numbers = [200, 100, 50];
  const eight = await inP3(numbers, heavy);
  const sixteen = await sharp(eight).keepIccProfile().toColourspace('rgb16').png().toBuffer();
  const light = await folder.write('light.png', await inP3(numbers));
  for (const bytes of [eight, sixteen]) {
    for (const output of (await renderHere(folder, await folder.write('h.png', bytes))).outputs) {
      expect((await sharp(output.path).metadata()).icc).toBeUndefined();
      expectNear(await numbersOf(output.path), await seenOf(light), 6);
    }
  }
});

test('an AVIF that names P3 by number only is tagged', async () => {
  const avif = await sharp(await inP3([0, 255, 0]))
    .keepIccProfile()
    .avif({ quality: 95, chromaSubsampling: '4:4:4' })
    .toBuffer();
  const kinds = ['prof', 'rICC'].map((kind) => avif.indexOf(`colr${kind}`)).filter((at) => at > 0);
  const at = kinds[0] ?? -1;
  expect(at).toBeGreaterThan(0);
  // The profile becomes an nclx box of the same length: P3 primaries, sRGB curve, full range.
  avif.write('nclx', at + 4, 'latin1');
  avif.set([0, 12, 0, 13, 0, 6, 0x80], at + 8);
  const { outputs } = await renderHere(folder, await folder.write('nclx.avif', avif));
  for (const output of outputs) {
    expect(meaning((await sharp(output.path).metadata()).icc)).toBe(meaning(await displayP3()));
    expectNear(await numbersOf(output.path), [0, 255, 0], 8);
  }
});

test('a cleaned profile says nothing of the device that it came from', async () => {
  const icc = await displayP3();
  const cleaned = cleanIcc(withTag(icc, 'mmod', 'SERIAL-123'));
  expect(cleaned?.includes('SERIAL-123')).toBe(false);
  expect(cleaned?.readUInt32BE(0)).toBe(cleaned?.length ?? 0);
  expect(cleanIcc(icc.subarray(0, 200))).toBeNull();
  expect(cleanIcc(Buffer.alloc(400, 255))).toBeNull();
});

/** The profile with one more tag at its end. */
function withTag(icc: Buffer, signature: string, words: string): Buffer {
  const count = icc.readUInt32BE(128);
  const tables = 132 + count * 12;
  const entry = Buffer.alloc(12);
  const body = Buffer.from(`${signature}\0\0\0\0${words}`, 'latin1');
  entry.write(signature, 0, 'latin1');
  entry.writeUInt32BE(icc.length + 12, 4);
  entry.writeUInt32BE(body.length, 8);
  const grown = Buffer.concat([icc.subarray(0, tables), entry, icc.subarray(tables), body]);
  grown.writeUInt32BE(grown.length, 0);
  grown.writeUInt32BE(count + 1, 128);
  for (let index = 0; index < count; index += 1) {
    const at = 132 + index * 12 + 4;
    grown.writeUInt32BE(grown.readUInt32BE(at) + 12, at);
  }
  return grown;
}
