import { secretWords } from './photos.ts';

/**
 * Looks for the position of a photo, and for whatever else must not leave, in any bytes at all: every
 * TIFF header is followed (EXIF lies open in JPEG, PNG, WebP, AVIF and HEIC), words are searched as
 * they lie. Trusts no container and no library. Gives what it found.
 */
export function findPositions(bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  const found = [...secretWords, 'GPSLatitude', 'GPSLongitude', 'GPSPosition'].filter((word) =>
    text.includes(word),
  );
  for (const mark of ['II*\0', 'MM\0*']) {
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      if (hasPosition(bytes.subarray(at), mark === 'MM\0*')) found.push('a GPS directory');
    }
  }
  return found;
}

/** True if the first directory of a TIFF block names a GPS directory (tag 0x8825). */
function hasPosition(tiff: Buffer, big: boolean): boolean {
  const short = (at: number) => (big ? tiff.readUInt16BE(at) : tiff.readUInt16LE(at));
  const long = (at: number) => (big ? tiff.readUInt32BE(at) : tiff.readUInt32LE(at));
  try {
    const start = long(4);
    const count = short(start);
    for (let index = 0; index < count; index += 1) {
      if (short(start + 2 + index * 12) === 0x8825) return true;
    }
  } catch (error) {
    // Four bytes of pixels that happened to look like a header.
    if (error instanceof RangeError) return false;
    throw error;
  }
  return false;
}
