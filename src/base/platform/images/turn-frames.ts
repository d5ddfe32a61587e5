/**
 * Turns every frame of a strip of RGBA frames clockwise. `frame` is the size of one before the turn;
 * the strip holds them one below the other.
 */
export function turnFrames(
  strip: Buffer,
  frame: { width: number; height: number },
  rotate: 90 | 180 | 270,
): Buffer {
  const { width, height } = frame;
  const size = width * height;
  const from = new Uint32Array(strip.buffer, strip.byteOffset, strip.byteLength / 4);
  const to = new Uint32Array(from.length);
  for (let start = 0; start < from.length; start += size) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        to[start + place(x, y, width, height, rotate)] = from[start + y * width + x] ?? 0;
      }
    }
  }
  return Buffer.from(to.buffer);
}

function place(
  x: number,
  y: number,
  width: number,
  height: number,
  rotate: 90 | 180 | 270,
): number {
  if (rotate === 180) return (height - 1 - y) * width + (width - 1 - x);
  return rotate === 90 ? x * height + (height - 1 - y) : (width - 1 - x) * height + y;
}
