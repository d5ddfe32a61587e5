import { ImageRefused } from '#base/platform/images/refused.ts';
import type { Source } from '#base/platform/images/source.ts';

/** A box of ISO/IEC 14496-12 §4.2: its type and its body within the buffer that was walked. */
export type Box = { type: string; body: Buffer };

const maxBoxes = 20_000;
const largestMeta = 8 * 1024 * 1024;

/** The boxes that lie one after another in `bytes`. Throws `ImageRefused` ('damaged') when one is cut. */
export function listBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  let offset = 0;
  while (offset + 8 <= bytes.length) {
    if (boxes.length >= maxBoxes) throw new ImageRefused('damaged', 'too many boxes');
    const small = bytes.readUInt32BE(offset);
    const type = bytes.toString('latin1', offset + 4, offset + 8);
    const long = small === 1;
    const size = long ? Number(bytes.readBigUInt64BE(offset + 8)) : small || bytes.length - offset;
    const head = long ? 16 : 8;
    if (size < head || offset + size > bytes.length) {
      throw new ImageRefused('damaged', `the box ${type} is cut`);
    }
    boxes.push({ type, body: bytes.subarray(offset + head, offset + size) });
    offset += size;
  }
  return boxes;
}

/** The brands of the `ftyp` box that starts the file, major brand first; empty when there is none. */
export function readBrands(start: Buffer): string[] {
  if (start.length < 16 || start.toString('latin1', 4, 8) !== 'ftyp') return [];
  const end = Math.min(start.length, start.readUInt32BE(0), 512);
  const brands = [start.toString('latin1', 8, 12)];
  for (let offset = 16; offset + 4 <= end; offset += 4) {
    brands.push(start.toString('latin1', offset, offset + 4));
  }
  return brands;
}

/** The body of the file's `meta` box without version and flags, at most 8 MiB. */
export function readMeta(source: Source): Buffer {
  let offset = 0;
  for (let count = 0; count < 64; count += 1) {
    const head = source.read(offset, 16);
    if (head.length < 8) break;
    const small = head.readUInt32BE(0);
    const long = small === 1;
    const size = long ? Number(head.readBigUInt64BE(8)) : small || source.size - offset;
    if (size < 8) break;
    if (head.toString('latin1', 4, 8) === 'meta') {
      if (size > largestMeta) throw new ImageRefused('damaged', 'the meta box is too large');
      return source.read(offset, size).subarray((long ? 16 : 8) + 4);
    }
    offset += size;
  }
  throw new ImageRefused('damaged', 'no meta box');
}
