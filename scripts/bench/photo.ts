import sharp, { type OverlayOptions } from 'sharp';

/**
 * A JPEG that costs a decoder and an encoder about what a camera's does: soft shapes with texture and
 * grain, 12 megapixels in 4 to 6 MB. The same `seed` gives the same bytes. `grain` is 0 to 255.
 */
export async function makePhoto(
  seed: number,
  { width = 4000, height = 3000, grain = 180 } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const random = randomBytes(seed);
  const shapes = sharp(random(64 * 48 * 3), { raw: { width: 64, height: 48, channels: 3 } });
  const layer = async (long: number, strength: number): Promise<OverlayOptions> => {
    const size = { width: Math.round(width * long), height: Math.round(height * long) };
    const noise = random(size.width * size.height);
    for (const [index, value] of noise.entries()) {
      noise[index] = 128 + ((value - 128) * strength) / 256;
    }
    const input = await sharp(noise, { raw: { ...size, channels: 1 } })
      .resize(width, height, { kernel: 'cubic' })
      .png({ compressionLevel: 0 })
      .toBuffer();
    return { input, blend: 'soft-light' };
  };
  const file = await shapes
    .resize(width, height, { kernel: 'cubic' })
    .composite([await layer(1 / 8, 160), await layer(1 / 2, grain)])
    .jpeg({ quality: 92 })
    .toBuffer();
  return new Uint8Array(file);
}

/** A linear congruential generator: the same bytes on every machine. */
function randomBytes(seed: number): (length: number) => Buffer {
  let state = (seed * 2654435761 + 1) >>> 0;
  return (length) => {
    const bytes = Buffer.allocUnsafe(length);
    for (let index = 0; index < length; index += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      bytes[index] = state >>> 24;
    }
    return bytes;
  };
}
