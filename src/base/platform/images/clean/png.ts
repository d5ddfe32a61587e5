import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { cleanIcc } from '#base/platform/images/icc.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { openSource, type Source } from '#base/platform/images/source.ts';
import { orientationExif } from './orientation-exif.ts';
import { type Sink, writeClean } from './sink.ts';

const keptChunks = new Set([
  ...[
    'IHDR',
    'PLTE',
    'tRNS',
    'cHRM',
    'gAMA',
    'sRGB',
    'cICP',
    'mDCV',
    'cLLI',
    'sBIT',
    'bKGD',
    'pHYs',
  ],
  ...['acTL', 'fcTL', 'fdAT', 'IDAT', 'IEND'],
]);
const largestProfile = 4 * 1024 * 1024;

/**
 * Copies a PNG without decoding it: pixels, palette, colour and animation chunks as they are, the
 * colour profile cleaned, the orientation as the smallest `eXIf`. Text, time, EXIF, private chunks and
 * all that follows `IEND` are left out.
 */
export function cleanPng(from: string, to: string, orientation: number): void {
  const source = openSource(from);
  try {
    writeClean(to, (sink) => {
      sink.copy(source, 0, 8);
      copyChunks(source, sink, orientation);
    });
  } finally {
    source.close();
  }
}

function copyChunks(source: Source, sink: Sink, orientation: number): void {
  let offset = 8;
  let oriented = orientation === 1;
  while (offset < source.size) {
    const head = source.read(offset, 8);
    if (head.length < 8) break;
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (!oriented && type === 'IDAT') {
      sink.write(pngChunk('eXIf', orientationExif(orientation)));
      oriented = true;
    }
    if (keptChunks.has(type)) sink.copy(source, offset, length + 12);
    if (type === 'iCCP') writeProfile(source, sink, offset + 8, length);
    if (type === 'IEND') return;
    offset += length + 12;
  }
  throw new ImageRefused('damaged', 'PNG without an end');
}

/** A profile that cannot be read is left out: viewers ignore it too. */
function writeProfile(source: Source, sink: Sink, offset: number, length: number): void {
  const body = source.read(offset, Math.min(length, largestProfile));
  const packed = body.subarray(body.indexOf(0) + 2);
  try {
    const profile = inflateSync(packed, { maxOutputLength: largestProfile });
    const cleaned = cleanIcc(profile);
    if (cleaned === null) return;
    sink.write(
      pngChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(cleaned)])),
    );
  } catch {
    return;
  }
}

function pngChunk(type: string, body: Buffer): Buffer {
  const chunk = Buffer.alloc(body.length + 12);
  chunk.writeUInt32BE(body.length, 0);
  chunk.write(type, 4, 'latin1');
  body.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, body.length + 8)), body.length + 8);
  return chunk;
}
