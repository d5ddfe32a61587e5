import { encode } from 'blurhash';
import sharp from 'sharp';

/**
 * The least that somebody would write to make the same files with sharp: one decode, three
 * renditions in a cascade, a blurhash. `bun bare-sharp.ts OUTPUT_DIR PHOTO…` prints milliseconds a photo as JSON.
 */
const [directory = '', ...photos] = process.argv.slice(2);
sharp.cache(false);

const times: number[] = [];
for (const [index, photo] of photos.entries()) {
  const begun = performance.now();
  const large = await sharp(photo)
    .autoOrient()
    .resize(2048, 2048, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: large.info.width, height: large.info.height, channels: large.info.channels };
  await sharp(large.data, { raw }).jpeg({ quality: 88 }).toFile(`${directory}/${index}-large.jpg`);
  const medium = await sharp(large.data, { raw })
    .resize(1080, 1080, { fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const half = {
    width: medium.info.width,
    height: medium.info.height,
    channels: medium.info.channels,
  };
  await sharp(medium.data, { raw: half })
    .webp({ quality: 80 })
    .toFile(`${directory}/${index}-medium.webp`);
  await sharp(medium.data, { raw: half })
    .resize(480, 480, { fit: 'inside' })
    .webp({ quality: 80 })
    .toFile(`${directory}/${index}-small.webp`);
  const tiny = await sharp(medium.data, { raw: half })
    .resize(32, 32, { fit: 'inside' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  encode(new Uint8ClampedArray(tiny.data), tiny.info.width, tiny.info.height, 4, 3);
  times.push(performance.now() - begun);
}
process.stdout.write(JSON.stringify(times));
