// Each is a class in `web/styles/shapes.css`: no inline style can say a ratio here.
const shapes = [
  50, 53, 56, 60, 63, 67, 71, 75, 80, 84, 88, 92, 96, 100, 104, 109, 114, 119, 125, 129, 133, 140,
  145, 150, 157, 164, 171, 178, 188, 200, 214, 226, 240,
];

/** The nearest drawn shape, in hundredths of width / height; a nonsense ratio is a square. */
export function nearestShape(ratio: number, least = 0.5, most = 2.4): number {
  const wanted = Math.min(most, Math.max(least, Number.isFinite(ratio) ? ratio : 1));
  let best = 100;
  let distance = Number.POSITIVE_INFINITY;
  for (const shape of shapes) {
    const off = Math.abs(Math.log(shape / 100 / wanted));
    if (off < distance) {
      distance = off;
      best = shape;
    }
  }
  return best;
}

/** Class of the nearest drawn shape. */
export const shapeClass = (ratio: number, least?: number, most?: number): string =>
  `shape-${nearestShape(ratio, least, most)}`;
