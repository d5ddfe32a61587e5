import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { addMedia, type NewPhoto } from '#domain/media/add.ts';
import type { MediaView } from '#domain/media/reading.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '#test/harness/app.ts';
import { noise } from '#test/harness/pictures.ts';
import { imagesHere } from './images-here.ts';

/** A server whose pictures are made in this process. */
export function createMediaApp(options: TestAppOptions = {}): Promise<TestApp> {
  return createTestApp({ images: imagesHere(), ...options });
}

/** A JPEG of some size that compresses badly, so that quotas have something to count. */
export async function photo(width = 640, height = 480): Promise<Buffer> {
  return noise(width, height).jpeg({ quality: 90 }).toBuffer();
}

/** Puts bytes where an upload would have put them, and takes them in. */
export async function add(
  app: TestApp,
  accountId: number,
  bytes: Uint8Array,
  more: Partial<NewPhoto> = {},
): Promise<MediaView> {
  const path = app.ctx.files.tempPath();
  await writeFile(path, bytes);
  return addMedia(app.ctx, accountId, { path, bytes: bytes.byteLength, ...more });
}

/** What lies in the temp folder. */
export function tempFiles(app: TestApp): string[] {
  return readdirSync(app.ctx.files.tmp);
}

/** Every blob on the disk. */
export async function blobFiles(app: TestApp): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of app.ctx.files.listMedia()) names.push(name);
  return names.sort();
}
