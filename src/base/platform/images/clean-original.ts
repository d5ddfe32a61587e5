import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { attachIcc } from './attach-icc.ts';
import { cleanGif } from './clean/gif.ts';
import { cleanJpeg } from './clean/jpeg.ts';
import { cleanPng } from './clean/png.ts';
import { cleanWebp } from './clean/webp.ts';
import type { CleanResult, CleanTask, ImageFormat } from './contract.ts';
import type { SharpModule } from './native.ts';
import { openPicture, type Picture, seenSize } from './picture.ts';

const reencodeQuality = 95;

type Copier = (from: string, to: string, orientation: number) => void;

const copiers: Partial<Record<ImageFormat, Copier>> = {
  jpeg: cleanJpeg,
  png: cleanPng,
  webp: cleanWebp,
  gif: cleanGif,
};

/**
 * Makes the copy of an original that others may have: without position, serial numbers, names, embedded
 * thumbnails and edit history. JPEG, PNG, WebP and GIF keep their pixels bit for bit; HEIC and AVIF are
 * encoded again (JPEG, or WebP with transparency), because their containers cannot be cut safely.
 */
export async function cleanOriginal(
  sharp: SharpModule,
  task: CleanTask,
  memoryBytes: number,
): Promise<CleanResult> {
  const picture = await openPicture(sharp, task.source, { ...task.limits, memoryBytes });
  const copier = copiers[picture.header.format];
  const mime = copier ? picture.header.mime : await encodeAgain(picture, task.path);
  copier?.(task.source, task.path, picture.orientation);
  const bytes = statSync(task.path).size;
  const output = { name: 'clean', path: task.path, mime, ...seenSize(picture), bytes };
  return { kind: 'clean', output, reencoded: copier === undefined };
}

async function encodeAgain(picture: Picture, path: string): Promise<string> {
  const { placement, color } = picture;
  const hasAlpha = picture.hasAlpha && !(await picture.open('first').stats()).isOpaque;
  const pipeline = picture.open('first').flop(placement.flop).rotate(placement.rotate);
  const encoder = hasAlpha
    ? pipeline.webp({ quality: reencodeQuality, alphaQuality: 100, smartSubsample: true })
    : pipeline.removeAlpha().jpeg({ quality: reencodeQuality, chromaSubsampling: '4:4:4' });
  const mime = hasAlpha ? 'image/webp' : 'image/jpeg';
  const file = await encoder.toBuffer();
  const bytes = color.attach === null ? file : attachIcc(file, mime, color.attach);
  await writeFile(path, bytes, { mode: 0o600 });
  return mime;
}
