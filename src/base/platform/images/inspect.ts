import type { ImageHeader } from './contract.ts';
import type { Facts } from './facts.ts';
import { readGif } from './formats/gif.ts';
import { readHeif } from './formats/heif.ts';
import { readBrands } from './formats/heif-boxes.ts';
import { readJpeg } from './formats/jpeg.ts';
import { readPng } from './formats/png.ts';
import { readWebp } from './formats/webp.ts';
import { ImageRefused } from './refused.ts';
import { openSource, type Source } from './source.ts';

/** What a picture may need. `memoryBytes` is what the decoder may hold, in bytes. */
export type InspectLimits = { maxPixels: number; maxFrames: number; memoryBytes: number };

/** 100 megapixels, 600 frames, 512 MiB. */
export const defaultLimits: InspectLimits = {
  maxPixels: 100_000_000,
  maxFrames: 600,
  memoryBytes: 512 * 1024 * 1024,
};

/** All frames of an animation together may have this many times the pixels of one still picture. */
const animationAllowance = 3;

const heifBrands = new Set([
  ...['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'mif2', 'msf1'],
  ...['avif', 'avis', 'miaf', 'MiHE', 'MA1A', 'MA1B'],
]);

/**
 * Tells from the bytes of a file (never its name) what picture it is and how large, before any decode.
 * Reads in pieces, synchronously: for the image worker, not for the server's event loop. Throws
 * `ImageRefused`: 'unsupported', 'damaged', 'too_many_pixels' or 'too_many_frames'.
 */
export function inspectImage(path: string, limits: InspectLimits = defaultLimits): ImageHeader {
  return inspectFacts(path, limits).header;
}

/** The same with what the renderer needs to know besides. */
export function inspectFacts(path: string, limits: InspectLimits): Facts {
  const source = openSource(path);
  try {
    const facts = readFacts(source, limits.maxFrames);
    refuseTooLarge(facts, limits);
    return facts;
  } catch (error) {
    // Every reader walks off the end of a cut or lying file with a RangeError.
    if (error instanceof RangeError)
      throw new ImageRefused('damaged', error.message, { cause: error });
    throw error;
  } finally {
    source.close();
  }
}

function readFacts(source: Source, maxFrames: number): Facts {
  const start = source.read(0, 512);
  const text = start.toString('latin1', 0, 16);
  if (text.startsWith('\xff\xd8\xff')) return readJpeg(source);
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return readPng(source);
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return readWebp(source, maxFrames);
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return readGif(source, maxFrames);
  if (readBrands(start).some((brand) => heifBrands.has(brand))) return readHeif(source);
  throw new ImageRefused('unsupported', 'no known picture starts like this');
}

function refuseTooLarge({ header, decodeBytes }: Facts, limits: InspectLimits): void {
  const { width, height, frames } = header;
  if (width < 1 || height < 1) throw new ImageRefused('damaged', 'a picture without pixels');
  if (width * height > limits.maxPixels) {
    throw new ImageRefused('too_many_pixels', `${width} x ${height}`);
  }
  if (frames > limits.maxFrames) throw new ImageRefused('too_many_frames', `${frames} frames`);
  if (width * height * frames > limits.maxPixels * animationAllowance) {
    throw new ImageRefused('too_many_pixels', `${frames} frames of ${width} x ${height}`);
  }
  if (decodeBytes > limits.memoryBytes) {
    throw new ImageRefused('too_many_pixels', `${Math.ceil(decodeBytes / 1e6)} MB to decode`);
  }
}
