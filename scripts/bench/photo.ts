import sharp from 'sharp';

/**
 * A JPEG of 12 megapixels that costs an encoder about what a real one does: soft shapes with grain,
 * 4 to 6 MB. The same `seed` gives the same bytes.
 */
export async function makePhoto(seed: number, width = 4000, height = 3000): Promise<Buffer> {
  let state = seed * 2654435761 + 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const small = Buffer.alloc(64 * 48 * 3);
  for (let index = 0; index < small.length; index += 1) small[index] = Math.floor(random() * 256);
  const grain = Buffer.alloc(2000 * 1500);
  for (let index = 0; index < grain.length; index += 1) grain[index] = 100 + random() * 56;
  const noise = await sharp(grain, { raw: { width: 2000, height: 1500, channels: 1 } })
    .resize(width, height, { kernel: 'cubic' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(small, { raw: { width: 64, height: 48, channels: 3 } })
    .resize(width, height, { kernel: 'cubic' })
    .composite([{ input: noise, blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .toBuffer();
}
