import type { Crop, Turn } from './draft.ts';

export type Corner = 'nw' | 'ne' | 'sw' | 'se';

/** No side of a crop is shorter than this part of the picture. */
export const leastSide = 0.05;

const whole: Crop = { x: 0, y: 0, width: 1, height: 1 };
const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
const round = (value: number) => Math.round(value * 10_000) / 10_000;

/** A frame moved by parts of the picture, never out of it. */
export function moveCrop(crop: Crop, dx: number, dy: number): Crop {
  return {
    ...crop,
    x: clamp(crop.x + dx, 0, 1 - crop.width),
    y: clamp(crop.y + dy, 0, 1 - crop.height),
  };
}

/**
 * A frame with one corner dragged. `shape` is the wanted width / height in fractions (already divided by
 * the shape of the picture), or null for any; the opposite corner stays.
 */
export function resizeCrop(
  crop: Crop,
  corner: Corner,
  dx: number,
  dy: number,
  shape: number | null,
): Crop {
  const left = corner === 'nw' || corner === 'sw';
  const top = corner === 'nw' || corner === 'ne';
  const roomX = left ? crop.x + crop.width : 1 - crop.x;
  const roomY = top ? crop.y + crop.height : 1 - crop.y;
  let width = clamp(crop.width + (left ? -dx : dx), leastSide, roomX);
  let height = clamp(crop.height + (top ? -dy : dy), leastSide, roomY);
  if (shape !== null) {
    width = Math.min(width, roomY * shape);
    height = width / shape;
    if (height < leastSide) {
      height = leastSide;
      width = height * shape;
    }
  }
  return {
    x: left ? crop.x + crop.width - width : crop.x,
    y: top ? crop.y + crop.height - height : crop.y,
    width,
    height,
  };
}

/** The largest frame of a shape (in fractions, see `resizeCrop`) around the middle of the picture. */
export function centreCrop(shape: number | null): Crop {
  if (shape === null) return whole;
  const width = Math.min(1, shape);
  const height = width / shape;
  return { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
}

/** The same part of the picture after a quarter turn clockwise. */
export function turnCrop(crop: Crop): Crop {
  return { x: 1 - crop.y - crop.height, y: crop.x, width: crop.height, height: crop.width };
}

/** A quarter turn more, clockwise (or the other way). */
export function addTurn(turn: Turn, by: 90 | -90): Turn {
  return ((turn + by + 360) % 360) as Turn;
}

/** null where nothing is cut off, else rounded so that it survives its way as text. */
export function tidyCrop(crop: Crop): Crop | null {
  if (crop.width > 0.995 && crop.height > 0.995) return null;
  const x = round(crop.x);
  const y = round(crop.y);
  return {
    x,
    y,
    width: round(Math.min(crop.width, 1 - x)),
    height: round(Math.min(crop.height, 1 - y)),
  };
}

/** As `PUT /api/v1/media/:id` takes it: `x,y,width,height`, empty for the whole picture. */
export function cropText(crop: Crop | null): string {
  return crop === null ? '' : [crop.x, crop.y, crop.width, crop.height].join(',');
}
