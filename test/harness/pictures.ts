import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutputSpec, RenderResult, RenderTask } from '#base/platform/images/contract.ts';
import { loadSharp } from '#base/platform/images/native.ts';
import { renderImage } from '#base/platform/images/render.ts';

/** sharp as the worker uses it, for making test pictures and looking at results. */
export const sharp = loadSharp(null);
// Tests write other pictures under the same name; the worker keeps no cache either.
sharp.cache(false);

/** The limits of a default instance. */
export const limits = { maxPixels: 100_000_000, maxFrames: 600 };

const memoryBytes = 512 * 1024 * 1024;

/** A directory of its own for a test file, and how to remove it. */
export function createPictureFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-images-'));
  return {
    path: (name: string) => join(folder, name),
    write: async (name: string, bytes: Uint8Array) => {
      await Bun.write(join(folder, name), bytes);
      return join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type PictureFolder = ReturnType<typeof createPictureFolder>;

/** The three renditions that an upload makes, and a JPEG for peers. */
export function renditions(folder: PictureFolder, prefix: string): OutputSpec[] {
  const path = (name: string) => folder.path(`${prefix}.${name}`);
  return [
    { name: 'large', path: path('large'), fit: 2048, encode: 'photo', quality: 88 },
    { name: 'medium', path: path('medium'), fit: 1080, encode: 'webp', quality: 80 },
    { name: 'small', path: path('small'), fit: 480, encode: 'webp', quality: 78 },
    { name: 'peer', path: path('peer'), fit: 1080, encode: 'jpeg', quality: 85 },
  ];
}

/** Renders in this process: what the worker does with a task, without a child. */
export function renderHere(
  folder: PictureFolder,
  source: string,
  changes: Partial<RenderTask> = {},
): Promise<RenderResult> {
  const outputs = renditions(folder, `${source.split('/').pop()}`);
  const task: RenderTask = { kind: 'render', source, limits, edits: null, outputs, ...changes };
  return renderImage(sharp, task, memoryBytes);
}

/** The output of that name; throws when there is none. */
export function outputOf(result: RenderResult, name: string) {
  const output = result.outputs.find((file) => file.name === name);
  if (output === undefined) throw new Error(`no output ${name}`);
  return output;
}

/** Four plain quarters: red, green, blue, yellow from the upper left, clockwise. */
export function quarters(width: number, height: number) {
  const part = (background: string, left: number, top: number) => ({
    input: {
      create: {
        width: width / 2,
        height: height / 2,
        channels: 3 as const,
        background,
      },
    },
    left,
    top,
  });
  return sharp({ create: { width, height, channels: 3, background: '#ff0000' } })
    .composite([
      part('#00ff00', width / 2, 0),
      part('#0000ff', width / 2, height / 2),
      part('#ffff00', 0, height / 2),
    ])
    .removeAlpha();
}

/** Names the colours of the four quarters of a picture, upper left first, clockwise: `RGBY`. */
export async function readQuarters(path: string): Promise<string> {
  const { data, info } = await sharp(path).toColourspace('srgb').removeAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  const name = (x: number, y: number): string => {
    const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 3;
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    if (red > 180 && green > 180 && blue < 90) return 'Y';
    if (red > 180 && green < 90) return 'R';
    if (green > 180 && red < 90) return 'G';
    return blue > 180 ? 'B' : '?';
  };
  return name(0.25, 0.25) + name(0.75, 0.25) + name(0.75, 0.75) + name(0.25, 0.75);
}

/** Noise that no encoder can shrink: a picture that takes its time. */
export function noise(width: number, height: number) {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
}
