import type { ImageEdits, ImageHeader } from './contract.ts';
import { boxBeforePlacement, combinePlacements, isSideways, type Placement } from './placement.ts';

/** A rectangle of whole pixels in the picture as stored. */
export type Region = { left: number; top: number; width: number; height: number };

/** What every output is made of: the part of the stored picture, and how it is laid for viewing. */
export type View = {
  /** Null for the whole picture. */
  region: Region | null;
  placement: Placement;
  /** Size as seen, before it is made to fit an output. */
  width: number;
  height: number;
};

/** Plans the view: the stored orientation first, then the turn, then the crop of the turned picture. */
export function planView(
  picture: { header: ImageHeader; placement: Placement },
  edits: ImageEdits | null,
): View {
  const { width, height } = picture.header;
  const turn = { flop: false, rotate: edits?.rotate ?? 0 } as const;
  const placement = combinePlacements(picture.placement, turn);
  const region = edits?.crop ? toRegion(edits.crop, placement, width, height) : null;
  const part = region ?? { width, height };
  const sideways = isSideways(placement);
  return {
    region,
    placement,
    width: sideways ? part.height : part.width,
    height: sideways ? part.width : part.height,
  };
}

function toRegion(
  crop: { x: number; y: number; width: number; height: number },
  placement: Placement,
  width: number,
  height: number,
): Region {
  const box = boxBeforePlacement(crop, placement);
  const left = clamp(Math.round(box.x * width), 0, width - 1);
  const top = clamp(Math.round(box.y * height), 0, height - 1);
  return {
    left,
    top,
    width: clamp(Math.round(box.width * width), 1, width - left),
    height: clamp(Math.round(box.height * height), 1, height - top),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
