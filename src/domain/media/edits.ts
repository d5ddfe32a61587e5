import { AppError } from '#base/core/errors.ts';
import type { ImageEdits } from '#base/platform/images/contract.ts';

/** The smallest part of a picture, on each side, that a crop may leave. */
const SMALLEST = 0.01;

/** Edits as they are stored: null when they change nothing. Throws `invalid` if the crop is no part of the picture. */
export function cleanEdits(edits: ImageEdits | null): ImageEdits | null {
  if (edits === null) return null;
  const crop = edits.crop === null ? null : cleanCrop(edits.crop);
  return edits.rotate === 0 && crop === null ? null : { rotate: edits.rotate, crop };
}

/** Whether two edits make the same picture. */
export function sameEdits(one: ImageEdits | null, other: ImageEdits | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function cleanCrop(crop: NonNullable<ImageEdits['crop']>): ImageEdits['crop'] {
  const numbers = [crop.x, crop.y, crop.width, crop.height];
  const inside =
    numbers.every((value) => Number.isFinite(value) && value >= 0) &&
    crop.width >= SMALLEST &&
    crop.height >= SMALLEST &&
    crop.x + crop.width <= 1.0001 &&
    crop.y + crop.height <= 1.0001;
  if (!inside) {
    throw new AppError('invalid', 'The crop must lie inside the picture.', {
      fields: { tintype_crop: 'Four fractions: x, y, width, height.' },
    });
  }
  const round = (value: number) => Math.round(value * 1e5) / 1e5;
  const [x, y] = [round(crop.x), round(crop.y)];
  const width = round(Math.min(crop.width, 1 - x));
  const height = round(Math.min(crop.height, 1 - y));
  return x === 0 && y === 0 && width === 1 && height === 1 ? null : { x, y, width, height };
}
