const shapes = [50, 56, 67, 75, 80, 90, 100, 112, 125, 133, 150, 178, 200, 240];

/** Class of the nearest drawn shape (`web/styles/photo.css`): no inline style can say a ratio here. */
export function shapeClass(ratio: number, least = 0.5, most = 2.4): string {
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
  return `shape-${best}`;
}
