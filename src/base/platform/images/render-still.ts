import { writeFile } from 'node:fs/promises';
import { encode as encodeBlurhash } from 'blurhash';
import { attachIcc } from './attach-icc.ts';
import type { OutputFile, OutputSpec } from './contract.ts';
import type { SharpModule } from './native.ts';
import type { Picture } from './picture.ts';
import { needsFullChroma, type Raster, withoutIdleAlpha } from './raster.ts';
import { ImageRefused } from './refused.ts';
import type { View } from './view.ts';

/** The long side of the raster that the blurhash is computed from. */
const hashSide = 32;
const smallPicture = 1_000_000;

/** Pixels that a raster may have: 50 MB. */
const largestRaster = 4096 * 4096;
const longestJpeg = 65_500;
const longestWebp = 16_383;

/**
 * Decodes once to the largest size that any output needs, then walks down: while one size is being
 * encoded the next one is made from its raster. Also gives the blurhash, from a raster of 32 pixels.
 * An output in nearly true size is made apart, row by row, so that its raster is never in memory.
 */
export async function renderStill(
  sharp: SharpModule,
  picture: Picture,
  view: View,
  task: { outputs: OutputSpec[] },
): Promise<{ outputs: OutputFile[]; blurhash: string }> {
  const streamed: OutputFile[] = [];
  for (const spec of task.outputs.filter((spec) => isHuge(view, spec))) {
    streamed.push(await encodeStreamed(picture, view, spec));
  }
  const specs = task.outputs.filter((spec) => !isHuge(view, spec));
  specs.sort((one, other) => other.fit - one.fit);
  let raster = await firstRaster(picture, view, specs[0]?.fit ?? hashSide);
  const encoded: Promise<OutputFile>[] = [];
  try {
    for (const spec of specs) {
      raster = await shrink(sharp, raster, spec.fit);
      // Without transparency `photo` is a JPEG already; an animation has no other still one.
      if (spec.encode === 'peer' && raster.channels === 3 && !picture.animated) continue;
      const work = encodeStill(sharp, raster, spec, picture);
      // Awaited below; a failure must not count as unhandled while the next size is made.
      work.catch(() => undefined);
      encoded.push(work);
    }
    const blurhash = hash(await shrink(sharp, raster, hashSide));
    return { outputs: [...streamed, ...(await Promise.all(encoded))], blurhash };
  } finally {
    // Whoever removes the files of a failed task does so once: nothing may be written after that.
    await Promise.allSettled(encoded);
  }
}

function isJpeg(encode: OutputSpec['encode']): boolean {
  return encode === 'jpeg' || encode === 'peer';
}

function isHuge({ width, height }: View, { fit }: OutputSpec): boolean {
  const long = Math.max(width, height);
  const scale = Math.min(1, fit / long);
  return width * height * scale ** 2 > largestRaster || long * scale > longestWebp;
}

/** Shrinks while the stored rows are read, then turns the small result. */
function place(picture: Picture, { region, placement }: View, fit: number) {
  let pipeline = picture.open('first');
  if (region !== null) pipeline = pipeline.extract(region);
  pipeline = pipeline
    .resize({ width: fit, height: fit, fit: 'inside', withoutEnlargement: true })
    .flop(placement.flop)
    .rotate(placement.rotate);
  // sharp converts to sRGB by itself, but a picture of 16 bits to P3 unless it is told.
  if (picture.color.pixels === 'convert') pipeline = pipeline.withIccProfile('srgb');
  return pipeline.toColourspace('srgb');
}

async function encodeStreamed(
  picture: Picture,
  view: View,
  { name, path, fit, encode, quality }: OutputSpec,
): Promise<OutputFile> {
  const asJpeg = isJpeg(encode) || (encode === 'photo' && !picture.hasAlpha);
  const chromaSubsampling = picture.fullChroma ? '4:4:4' : '4:2:0';
  const pipeline = place(picture, view, Math.min(fit, asJpeg ? longestJpeg : longestWebp));
  const encoder = asJpeg
    ? pipeline.flatten({ background: '#fff' }).jpeg({ quality, chromaSubsampling })
    : pipeline.webp({ quality, alphaQuality: 100 });
  const { data, info } = await encoder.toBuffer({ resolveWithObject: true });
  return save(data, { name, path, width: info.width, height: info.height }, asJpeg, picture);
}

async function save(
  file: Buffer,
  output: Pick<OutputFile, 'name' | 'path' | 'width' | 'height'>,
  asJpeg: boolean,
  picture: Picture,
): Promise<OutputFile> {
  const mime = asJpeg ? 'image/jpeg' : 'image/webp';
  const { attach } = picture.color;
  const bytes = attach === null ? file : attachIcc(file, mime, attach);
  await writeFile(output.path, bytes, { mode: 0o600 });
  return { ...output, mime, bytes: bytes.length };
}

async function firstRaster(picture: Picture, view: View, fit: number): Promise<Raster> {
  const { data, info } = await place(picture, view, fit)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 3 && channels !== 4) {
    throw new ImageRefused('damaged', `a raster of ${channels} channels`);
  }
  return withoutIdleAlpha({ data, width, height, channels });
}

async function shrink(sharp: SharpModule, raster: Raster, fit: number): Promise<Raster> {
  if (Math.max(raster.width, raster.height) <= fit) return raster;
  const { data, info } = await fromRaster(sharp, raster)
    .resize({ width: fit, height: fit, fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: raster.channels };
}

function fromRaster(sharp: SharpModule, { data, width, height, channels }: Raster) {
  return sharp(data, { raw: { width, height, channels } });
}

async function encodeStill(
  sharp: SharpModule,
  raster: Raster,
  spec: OutputSpec,
  picture: Picture,
): Promise<OutputFile> {
  const pipeline = fromRaster(sharp, raster);
  const asJpeg = isJpeg(spec.encode) || (spec.encode === 'photo' && raster.channels === 3);
  const { quality } = spec;
  const encoder = asJpeg
    ? pipeline
        .flatten({ background: '#fff' })
        .jpeg({ quality, chromaSubsampling: chooseSubsampling(raster, picture) })
    : pipeline.webp({ quality, alphaQuality: 100, smartSubsample: spec.encode === 'photo' });
  const file = await encoder.toBuffer();
  const { width, height } = raster;
  return save(file, { name: spec.name, path: spec.path, width, height }, asJpeg, picture);
}

/**
 * Full colour resolution (4:4:4) costs about a quarter more bytes, so it is kept for what shows the
 * difference: small pictures, graphics and 4:4:4 originals, and photos with many hard edges between
 * strong colours (neon, red cloth, text on colour). Everything else looks the same in 4:2:0.
 */
function chooseSubsampling(raster: Raster, picture: Picture): '4:4:4' | '4:2:0' {
  const small = raster.width * raster.height <= smallPicture;
  return small || picture.fullChroma || needsFullChroma(raster) ? '4:4:4' : '4:2:0';
}

/** More components along the longer side: 4 x 3, 3 x 4 or 4 x 4. */
function hash(raster: Raster): string {
  const { width, height, channels, data } = raster;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const alpha = channels === 4 ? (data[pixel * 4 + 3] ?? 255) / 255 : 1;
    for (let channel = 0; channel < 3; channel += 1) {
      const value = data[pixel * channels + channel] ?? 0;
      pixels[pixel * 4 + channel] = value * alpha + 255 * (1 - alpha);
    }
    pixels[pixel * 4 + 3] = 255;
  }
  const across = width * 4 < height * 3 ? 3 : 4;
  const down = height * 4 < width * 3 ? 3 : 4;
  return encodeBlurhash(pixels, width, height, across, down);
}
