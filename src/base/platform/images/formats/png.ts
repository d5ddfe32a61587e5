import type { Facts } from '#base/platform/images/facts.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import type { Source } from '#base/platform/images/source.ts';

const maxChunks = 5000;
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Reads the chunks of a PNG before its pixels (PNG 3rd edition §5, §11): size, depth, transparency
 * and the number of frames that `acTL` announces. Interlaced pictures are held whole by the decoder.
 */
export function readPng(source: Source): Facts {
  const start = source.read(8, 25);
  if (start.length < 25 || start.toString('latin1', 4, 8) !== 'IHDR') {
    throw new ImageRefused('damaged', 'PNG without IHDR');
  }
  const width = start.readUInt32BE(8);
  const height = start.readUInt32BE(12);
  const colorType = start.readUInt8(17);
  const bytesPerPixel = ((channelsOf[colorType] ?? 4) * Math.max(8, start.readUInt8(16))) / 8;
  const interlaced = start.readUInt8(20) === 1;
  const { frames, transparent } = readBeforePixels(source);
  return {
    header: {
      format: 'png',
      mime: 'image/png',
      width,
      height,
      frames,
      hasAlpha: transparent || colorType === 4 || colorType === 6,
    },
    decodeBytes: interlaced ? width * height * bytesPerPixel : width * bytesPerPixel * 64,
  };
}

function readBeforePixels(source: Source): { frames: number; transparent: boolean } {
  let frames = 1;
  let transparent = false;
  let offset = 8;
  for (let count = 0; count < maxChunks; count += 1) {
    const head = source.read(offset, 12);
    if (head.length < 12) throw new ImageRefused('damaged', 'PNG without pixels');
    const type = head.toString('latin1', 4, 8);
    if (type === 'IDAT') return { frames, transparent };
    if (type === 'acTL') frames = Math.max(1, head.readUInt32BE(8));
    if (type === 'tRNS') transparent = true;
    offset += 12 + head.readUInt32BE(0);
  }
  throw new ImageRefused('damaged', 'too many PNG chunks');
}
