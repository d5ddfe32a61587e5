import { writeFile } from 'node:fs/promises';
import { encode } from 'blurhash';
import sharp, { type OutputInfo, type Sharp } from 'sharp';

/**
 * What a good script does to make the very files of an upload with sharp: one decode, then down from
 * size to size while the one before is being encoded, and a blurhash. Reads paths of photos from
 * stdin and answers each with its milliseconds; the files go to `DIRECTORY`, the argument.
 */
const [directory = ''] = process.argv.slice(2);
sharp.cache(false);
sharp.concurrency(2);

type Raster = { data: Buffer; info: OutputInfo };

function from({ data, info: { width, height, channels } }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

function shrink(source: Sharp, side: number): Promise<Raster> {
  return source
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
}

async function make(photo: string): Promise<void> {
  const large = await shrink(sharp(photo, { sequentialRead: true }).autoOrient(), 2048);
  const jpeg = save('large', from(large).jpeg({ quality: 88 }));
  const medium = await shrink(from(large), 1080);
  const webp = save('medium', from(medium).webp({ quality: 80 }));
  const small = await shrink(from(medium), 480);
  const tiny = save('small', from(small).webp({ quality: 76 }));
  const { data, info } = await shrink(from(small).ensureAlpha(), 32);
  encode(new Uint8ClampedArray(data), info.width, info.height, 4, 3);
  await Promise.all([jpeg, webp, tiny]);
}

async function save(name: string, picture: Sharp): Promise<void> {
  await writeFile(`${directory}/${name}`, await picture.toBuffer());
}

for await (const photo of console) {
  const begun = performance.now();
  await make(photo);
  process.stdout.write(`${performance.now() - begun}\n`);
}
