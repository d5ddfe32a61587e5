/** One of the eight ways to lay a picture: mirrored left to right first, then turned clockwise. */
export type Placement = { flop: boolean; rotate: 0 | 90 | 180 | 270 };

/** A rectangle in fractions (0 to 1) of a picture. */
export type Box = { x: number; y: number; width: number; height: number };

/** The picture as it is stored. */
export const upright: Placement = { flop: false, rotate: 0 };

const byOrientation: readonly Placement[] = [
  upright,
  { flop: true, rotate: 0 },
  { flop: false, rotate: 180 },
  { flop: true, rotate: 180 },
  { flop: true, rotate: 270 },
  { flop: false, rotate: 90 },
  { flop: true, rotate: 90 },
  { flop: false, rotate: 270 },
];

/** EXIF orientation 1 to 8 (Exif 2.32, tag 0x0112) as a placement; anything else is upright. */
export function placementOf(orientation: number | undefined): Placement {
  return byOrientation[(orientation ?? 1) - 1] ?? upright;
}

/** First `first`, then `second`. */
export function combinePlacements(first: Placement, second: Placement): Placement {
  const turn = second.flop ? 360 - first.rotate : first.rotate;
  return { flop: first.flop !== second.flop, rotate: quarter(turn + second.rotate) };
}

/** Where a box of the placed picture lies in the picture as stored. */
export function boxBeforePlacement(box: Box, placement: Placement): Box {
  let { x, y, width, height } = box;
  for (let turned = 0; turned < placement.rotate; turned += 90) {
    [x, y, width, height] = [y, 1 - x - width, height, width];
  }
  return { x: placement.flop ? 1 - x - width : x, y, width, height };
}

/** True when width and height change places. */
export function isSideways(placement: Placement): boolean {
  return placement.rotate === 90 || placement.rotate === 270;
}

function quarter(degrees: number): 0 | 90 | 180 | 270 {
  const turn = ((degrees % 360) + 360) % 360;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}
