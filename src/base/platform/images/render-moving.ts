import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { attachIcc } from './attach-icc.ts';
import { cleanGif } from './clean/gif.ts';
import { cleanWebp } from './clean/webp.ts';
import type { OutputFile, OutputSpec } from './contract.ts';
import type { SharpModule } from './native.ts';
import type { Picture } from './picture.ts';
import { isSideways } from './placement.ts';
import { ImageRefused } from './refused.ts';
import { turnFrames } from './turn-frames.ts';
import type { View } from './view.ts';

/** Animations are many pictures: less search a frame, or a short clip would pass the deadline. */
const webpEffort = 2;

/**
 * Makes the outputs that keep moving, one after the other. `photo` keeps the type, and if nothing has
 * to change the frames themselves, byte for byte; `webp` is an animated WebP.
 */
export async function renderMoving(
  sharp: SharpModule,
  picture: Picture,
  view: View,
  task: { source: string; outputs: OutputSpec[]; memoryBytes: number },
): Promise<OutputFile[]> {
  const files: OutputFile[] = [];
  for (const spec of task.outputs) {
    const untouched = spec.encode === 'photo' && isUntouched(picture, view, spec.fit);
    files.push(
      untouched
        ? copyFrames(picture, spec, task.source)
        : await encodeFrames(sharp, picture, view, spec, task.memoryBytes),
    );
  }
  return files;
}

function isUntouched(picture: Picture, { region, placement, width, height }: View, fit: number) {
  const asStored = region === null && placement.rotate === 0 && !placement.flop;
  const plainColors = picture.color.attach === null;
  return asStored && plainColors && Math.max(width, height) <= fit;
}

function copyFrames(picture: Picture, spec: OutputSpec, source: string): OutputFile {
  const { format, mime, width, height } = picture.header;
  if (format === 'gif') cleanGif(source, spec.path);
  else cleanWebp(source, spec.path, 1);
  const bytes = statSync(spec.path).size;
  return { name: spec.name, path: spec.path, mime, width, height, bytes };
}

async function encodeFrames(
  sharp: SharpModule,
  picture: Picture,
  view: View,
  spec: OutputSpec,
  memoryBytes: number,
): Promise<OutputFile> {
  const timing = {
    loop: picture.loop,
    ...(picture.delay.length > 0 ? { delay: picture.delay } : {}),
  };
  const pipeline = await placedFrames(sharp, picture, view, spec.fit, memoryBytes);
  const asGif = spec.encode === 'photo' && picture.header.format === 'gif';
  const encoder = asGif
    ? pipeline.gif({ ...timing, effort: 4 })
    : pipeline.webp({ ...timing, quality: spec.quality, effort: webpEffort });
  const { data, info } = await encoder.toBuffer({ resolveWithObject: true });
  const mime = asGif ? 'image/gif' : 'image/webp';
  const { attach } = picture.color;
  const file = attach === null ? data : attachIcc(data, mime, attach);
  await writeFile(spec.path, file, { mode: 0o600 });
  const { width } = info;
  const height = info.pageHeight ?? info.height;
  return { name: spec.name, path: spec.path, mime, width, height, bytes: file.length };
}

/** Frames cannot be turned while they stream, so a turned animation is held whole, at its small size. */
async function placedFrames(
  sharp: SharpModule,
  picture: Picture,
  { region, placement }: View,
  fit: number,
  memoryBytes: number,
) {
  let pipeline = picture.open('all');
  if (region !== null) pipeline = pipeline.extract(region);
  pipeline = pipeline.resize({ width: fit, height: fit, fit: 'inside', withoutEnlargement: true });
  if (placement.rotate === 0) return pipeline.flop(placement.flop);
  const whole = fittedPixels(region ?? picture.header, fit) * picture.header.frames * 4;
  if (whole * 2 > memoryBytes) throw new ImageRefused('too_many_pixels', 'too long to be turned');
  const { data, info } = await pipeline
    .flop(placement.flop)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const frame = { width: info.width, height: info.pageHeight ?? info.height };
  const turned = turnFrames(data, frame, placement.rotate);
  const sideways = isSideways(placement);
  const width = sideways ? frame.height : frame.width;
  const pageHeight = sideways ? frame.width : frame.height;
  const height = data.length / 4 / width;
  return sharp(turned, {
    raw: { width, height, channels: 4, pageHeight },
    limitInputPixels: false,
  });
}

function fittedPixels({ width, height }: { width: number; height: number }, fit: number): number {
  const scale = Math.min(1, fit / Math.max(width, height));
  return Math.ceil(width * scale) * Math.ceil(height * scale);
}
