import type { Facts } from '#base/platform/images/facts.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { createCursor, type Source } from '#base/platform/images/source.ts';

type Cursor = ReturnType<typeof createCursor>;

const maxBlocks = 200_000;
/** Pieces of data in a whole file; 100 MB of honest ones, 255 bytes each, are 400,000. */
const maxSubBlocks = 2_000_000;

/**
 * Walks the blocks of a GIF (GIF89a §15 ff.) without unpacking any: frames, transparency, and the
 * canvas as the decoder will see it, which a frame outside of the logical screen enlarges. Stops at
 * one frame more than `maxFrames`. A file that ends between blocks counts up to there.
 */
export function readGif(source: Source, maxFrames: number): Facts {
  const cursor = createCursor(source, 6);
  const screen = cursor.take(7);
  const canvas = {
    width: screen.readUInt16LE(0),
    height: screen.readUInt16LE(2),
    frames: 0,
    alpha: false,
  };
  skipColors(cursor, screen.readUInt8(4));
  try {
    walk(cursor, canvas, maxFrames);
  } catch (error) {
    if (!(error instanceof RangeError) || canvas.frames === 0) throw error;
  }
  if (canvas.frames === 0) throw new ImageRefused('damaged', 'GIF without a picture');
  const { width, height, frames } = canvas;
  return {
    header: { format: 'gif', mime: 'image/gif', width, height, frames, hasAlpha: canvas.alpha },
    decodeBytes: width * height * 4 * 3,
  };
}

function walk(
  cursor: Cursor,
  canvas: { width: number; height: number; frames: number; alpha: boolean },
  maxFrames: number,
): void {
  const budget = { left: maxSubBlocks };
  for (let count = 0; count < maxBlocks && canvas.frames <= maxFrames; count += 1) {
    const introducer = cursor.byte();
    if (introducer === 0x3b) return;
    if (introducer === 0x21) {
      const label = cursor.byte();
      if (label === 0xf9) {
        const control = cursor.take(2);
        if ((control.readUInt8(1) & 1) === 1) canvas.alpha = true;
        cursor.skip(-2);
      }
      skipSubBlocks(cursor, budget);
    } else if (introducer === 0x2c) {
      const place = cursor.take(9);
      canvas.width = Math.max(canvas.width, place.readUInt16LE(0) + place.readUInt16LE(4));
      canvas.height = Math.max(canvas.height, place.readUInt16LE(2) + place.readUInt16LE(6));
      skipColors(cursor, place.readUInt8(8));
      cursor.skip(1);
      skipSubBlocks(cursor, budget);
      canvas.frames += 1;
    } else if (introducer !== 0) {
      return;
    }
  }
  // The decoder would go on where this stopped, and might find any number of frames there.
  if (canvas.frames <= maxFrames) throw new ImageRefused('damaged', 'too many blocks in a GIF');
}

function skipColors(cursor: Cursor, packed: number): void {
  if ((packed & 0x80) !== 0) cursor.skip(3 * 2 ** ((packed & 7) + 1));
}

function skipSubBlocks(cursor: Cursor, budget: { left: number }): void {
  for (let size = cursor.byte(); size !== 0; size = cursor.byte()) {
    cursor.skip(size);
    budget.left -= 1;
    if (budget.left < 0) throw new ImageRefused('damaged', 'too many pieces in a GIF');
  }
}
