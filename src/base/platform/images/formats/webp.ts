import type { Facts } from '#base/platform/images/facts.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import type { Source } from '#base/platform/images/source.ts';

const maxChunks = 20_000;

/**
 * Reads the header of a WebP file (RFC 9649): simple lossy, simple lossless or extended; the frames of
 * an animation are counted by walking the chunk headers, up to one more than `maxFrames`.
 */
export function readWebp(source: Source, maxFrames: number): Facts {
  const first = source.read(12, 18);
  if (first.length < 18) throw new ImageRefused('damaged', 'WebP without a picture');
  const type = first.toString('latin1', 0, 4);
  if (type === 'VP8 ') {
    return toFacts(first.readUInt16LE(14) & 0x3fff, first.readUInt16LE(16) & 0x3fff, 1, false);
  }
  if (type === 'VP8L') {
    const bits = first.readUInt32LE(9);
    const alpha = (bits >>> 28) & 1;
    return toFacts((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, 1, alpha === 1);
  }
  if (type !== 'VP8X') throw new ImageRefused('damaged', `WebP starts with ${type}`);
  const flags = first.readUInt8(8);
  const frames = (flags & 0x02) === 0 ? 1 : countFrames(source, maxFrames);
  const width = first.readUIntLE(12, 3) + 1;
  return toFacts(width, first.readUIntLE(15, 3) + 1, frames, (flags & 0x10) !== 0);
}

function countFrames(source: Source, maxFrames: number): number {
  let frames = 0;
  let offset = 12;
  for (let count = 0; frames <= maxFrames; count += 1) {
    // The decoder would go on, and might find any number of frames behind.
    if (count === maxChunks) throw new ImageRefused('damaged', 'too many chunks in a WebP');
    const head = source.read(offset, 8);
    if (head.length < 8) break;
    if (head.toString('latin1', 0, 4) === 'ANMF') frames += 1;
    const length = head.readUInt32LE(4);
    offset += 8 + length + (length % 2);
  }
  return Math.max(1, frames);
}

function toFacts(width: number, height: number, frames: number, hasAlpha: boolean): Facts {
  // libwebp decodes the whole canvas as RGBA, an animation two of them (canvas and frame).
  const decodeBytes = width * height * 4 * (frames > 1 ? 3 : 1.5);
  return {
    header: { format: 'webp', mime: 'image/webp', width, height, frames, hasAlpha },
    decodeBytes,
  };
}
