import { pngChunk } from './dirty-pictures.ts';
import { sharp } from './pictures.ts';

/** A PNG of a few bytes that claims this size, and `frames` frames if more than one. */
export function pngBomb(width: number, height: number, frames = 1): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const control = Buffer.alloc(8);
  control.writeUInt32BE(frames, 0);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', head),
    ...(frames > 1 ? [pngChunk('acTL', control)] : []),
    pngChunk('IDAT', Buffer.from('789c63000000020001', 'hex')),
    pngChunk('IEND', ''),
  ]);
}

/** A WebP whose VP8X canvas claims this size, with so many empty frames. */
export function webpBomb(width: number, height: number, frames = 1): Buffer {
  const canvas = Buffer.alloc(18);
  canvas.write('VP8X\x0a\0\0\0', 0, 'latin1');
  canvas.writeUInt8(frames > 1 ? 0x02 : 0, 8);
  canvas.writeUIntLE(width - 1, 12, 3);
  canvas.writeUIntLE(height - 1, 15, 3);
  const frame = Buffer.from(`ANMF\x10\0\0\0${'\0'.repeat(16)}`, 'latin1');
  const body = [canvas, ...Array.from({ length: frames > 1 ? frames : 0 }, () => frame)];
  return riff(Buffer.concat(body));
}

/** A GIF whose screen (or whose only frame, when `inFrame`) claims this size, with so many frames. */
export function gifBomb(width: number, height: number, frames = 1, inFrame = false): Buffer {
  const screen = Buffer.from('GIF89a\0\0\0\0\0\0\0', 'latin1');
  screen.writeUInt16LE(inFrame ? 1 : width, 6);
  screen.writeUInt16LE(inFrame ? 1 : height, 8);
  const place = Buffer.from('\x2c\0\0\0\0\0\0\0\0\0', 'latin1');
  place.writeUInt16LE(inFrame ? width : 1, 5);
  place.writeUInt16LE(inFrame ? height : 1, 7);
  const frame = Buffer.concat([place, Buffer.from('\x02\x02\x44\x01\0', 'latin1')]);
  return Buffer.concat([screen, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
}

/** A JPEG of 1 x 1 pixels whose frame header claims this size. */
export async function jpegBomb(
  width: number,
  height: number,
  progressive = false,
): Promise<Buffer> {
  const create = { width: 1, height: 1, channels: 3 as const, background: '#888' };
  const file = await sharp({ create }).jpeg({ progressive }).toBuffer();
  const at = file.indexOf(Buffer.from([0xff, progressive ? 0xc2 : 0xc0]));
  file.writeUInt16BE(height, at + 5);
  file.writeUInt16BE(width, at + 7);
  return file;
}

/** A small AVIF whose `ispe` boxes claim this size. */
export async function avifBomb(width: number, height: number): Promise<Buffer> {
  const create = { width: 64, height: 64, channels: 3 as const, background: '#888' };
  const file = await sharp({ create }).avif({ effort: 0 }).toBuffer();
  for (let at = file.indexOf('ispe'); at >= 0; at = file.indexOf('ispe', at + 1)) {
    file.writeUInt32BE(width, at + 8);
    file.writeUInt32BE(height, at + 12);
  }
  return file;
}

function riff(body: Buffer): Buffer {
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}
