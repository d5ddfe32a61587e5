/** How a photo is shown: enlarged by `scale` around the middle of the stage, then moved by pixels. */
export type View = { scale: number; x: number; y: number };

export type Size = { width: number; height: number };

export const fitted: View = { scale: 1, x: 0, y: 0 };

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Size of a photo that fits its stage; small ones are not enlarged beyond their pixels by more than 1. */
export function fitSize(photo: Size, stage: Size): Size {
  const scale = Math.min(stage.width / photo.width, stage.height / photo.height);
  return { width: photo.width * scale, height: photo.height * scale };
}

/** Keeps an enlarged photo over the stage: no edge comes further in than it must. */
export function holdView(view: View, shown: Size, stage: Size): View {
  const roomX = Math.max(0, (shown.width * view.scale - stage.width) / 2);
  const roomY = Math.max(0, (shown.height * view.scale - stage.height) / 2);
  return { scale: view.scale, x: clamp(view.x, -roomX, roomX), y: clamp(view.y, -roomY, roomY) };
}

/** Enlarges by a factor so that what lies under `point` (pixels from the middle of the stage) stays there. */
export function zoomView(
  view: View,
  factor: number,
  point: { x: number; y: number },
  shown: Size,
  stage: Size,
  most: number,
): View {
  const scale = clamp(view.scale * factor, 1, most);
  const by = scale / view.scale;
  const moved = {
    scale,
    x: point.x - (point.x - view.x) * by,
    y: point.y - (point.y - view.y) * by,
  };
  return scale === 1 ? fitted : holdView(moved, shown, stage);
}

/** How far one can go in: to twice the true pixels, and at least four times. */
export function mostZoom(photo: Size, shown: Size): number {
  return Math.max(4, (photo.width / Math.max(1, shown.width)) * 2);
}
