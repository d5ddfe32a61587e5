/** Decoded pixels in sRGB or in the space of the attached profile, 8 bits a channel. */
export type Raster = { data: Buffer; width: number; height: number; channels: 3 | 4 };

/** Looks at one block of two by two pixels in this many. */
const chromaStep = 8;
/** A difference of Cb or Cr within a block (0 to 255) that the eye sees as a coloured edge. */
const hardEdge = 40;
const edgeShare = 0.01;

/** Drops a fourth channel that hides nothing (screenshots), so that the picture may become a JPEG. */
export function withoutIdleAlpha(raster: Raster): Raster {
  const { data, width, height, channels } = raster;
  if (channels === 3) return raster;
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return raster;
  const opaque = Buffer.allocUnsafe(width * height * 3);
  for (let from = 0, to = 0; to < opaque.length; from += 4, to += 3) {
    opaque[to] = data[from] ?? 0;
    opaque[to + 1] = data[from + 1] ?? 0;
    opaque[to + 2] = data[from + 2] ?? 0;
  }
  return { data: opaque, width, height, channels: 3 };
}

/** True when more than one in a hundred sampled 2 x 2 blocks has a hard edge between colours. */
export function needsFullChroma(raster: Raster): boolean {
  const { width, height, channels } = raster;
  let blocks = 0;
  let edges = 0;
  for (let y = 0; y + 1 < height; y += chromaStep) {
    for (let x = 0; x + 1 < width; x += chromaStep) {
      blocks += 1;
      const at = (y * width + x) * channels;
      if (isHardEdge(raster.data, at, at + width * channels, channels)) edges += 1;
    }
  }
  return edges > blocks * edgeShare;
}

function isHardEdge(data: Buffer, upper: number, lower: number, channels: number): boolean {
  let leastCb = 255;
  let mostCb = -255;
  let leastCr = 255;
  let mostCr = -255;
  for (const at of [upper, upper + channels, lower, lower + channels]) {
    const red = data[at] ?? 0;
    const green = data[at + 1] ?? 0;
    const blue = data[at + 2] ?? 0;
    const cb = -0.169 * red - 0.331 * green + 0.5 * blue;
    const cr = 0.5 * red - 0.419 * green - 0.081 * blue;
    if (cb < leastCb) leastCb = cb;
    if (cb > mostCb) mostCb = cb;
    if (cr < leastCr) leastCr = cr;
    if (cr > mostCr) mostCr = cr;
  }
  return mostCb - leastCb > hardEdge || mostCr - leastCr > hardEdge;
}
