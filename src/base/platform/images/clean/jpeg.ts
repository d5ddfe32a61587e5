import { iccSegments } from '#base/platform/images/attach-icc.ts';
import { cleanIcc } from '#base/platform/images/icc.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { openSource, type Source } from '#base/platform/images/source.ts';
import { orientationExif } from './orientation-exif.ts';
import { type Sink, writeClean } from './sink.ts';

const windowSize = 256 * 1024;
const jfif = Buffer.from('\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1');

/** Tables and frames that decoding needs (T.81 table B.1); DNL and the hierarchical ones are not used. */
function isNeeded(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xcf) || (marker >= 0xdb && marker <= 0xdd);
}

/**
 * Copies a JPEG without decoding it: frames, tables and scans as they are; a fresh JFIF header, the
 * cleaned colour profile, Adobe's colour transform and the orientation. Every other segment (EXIF, XMP,
 * Photoshop, comments, thumbnails, further pictures) and all that follows the end is left out.
 */
export function cleanJpeg(from: string, to: string, orientation: number): void {
  const source = openSource(from);
  try {
    writeClean(to, (sink) => {
      sink.write(Buffer.from([0xff, 0xd8]));
      writeHead(source, sink, orientation);
      copyPicture(source, sink);
      sink.write(Buffer.from([0xff, 0xd9]));
    });
  } finally {
    source.close();
  }
}

/** The segments that may come along from before the first scan, rewritten. */
function writeHead(source: Source, sink: Sink, orientation: number): void {
  const profile: Buffer[] = [];
  let adobe: Buffer | undefined;
  let hasJfif = false;
  for (const { marker, offset, length } of segmentsBeforeScan(source)) {
    const name =
      marker >= 0xe0 && marker <= 0xef ? source.read(offset + 4, 16).toString('latin1') : '';
    if (marker === 0xe0 && name.startsWith('JFIF\0')) hasJfif = true;
    if (marker === 0xe2 && name.startsWith('ICC_PROFILE\0')) {
      profile[name.charCodeAt(12)] = source.read(offset + 18, length - 16);
    }
    if (marker === 0xee && name.startsWith('Adobe')) adobe = source.read(offset + 4, 12);
  }
  if (hasJfif) sink.write(jfif);
  if (orientation !== 1) {
    const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), orientationExif(orientation)]);
    sink.write(segment(0xe1, body));
  }
  const cleaned = cleanIcc(Buffer.concat(Object.values(profile)));
  if (cleaned !== null) sink.write(iccSegments(cleaned));
  if (adobe !== undefined && adobe.length === 12) sink.write(segment(0xee, adobe));
}

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

function* segmentsBeforeScan(source: Source) {
  let offset = 2;
  for (let count = 0; count < 5000; count += 1) {
    const { marker, length, start } = readMarker(source, offset);
    if (marker === 0xda || marker === 0xd9) return;
    yield { marker, offset: start, length };
    offset = start + 2 + length;
  }
}

function readMarker(source: Source, at: number) {
  let start = at;
  let head = source.read(start, 4);
  while (head.length === 4 && head[0] === 0xff && head[1] === 0xff) {
    start += 1;
    head = source.read(start, 4);
  }
  if (head.length < 2 || head[0] !== 0xff) throw new ImageRefused('damaged', 'broken JPEG marker');
  const marker = head.readUInt8(1);
  const length = marker === 0xd9 ? 0 : head.readUInt16BE(2);
  return { marker, length, start };
}

/** Frames, tables and scans up to EOI, in their order. */
function copyPicture(source: Source, sink: Sink): void {
  let offset = 2;
  while (offset < source.size) {
    const { marker, length, start } = readMarker(source, offset);
    if (marker === 0xd9) return;
    const end = start + 2 + length;
    if (isNeeded(marker) || marker === 0xda) sink.copy(source, start, 2 + length);
    offset = marker === 0xda ? copyScan(source, sink, end) : end;
  }
}

/** Copies entropy-coded data up to the next marker that is not a restart, and gives that offset. */
function copyScan(source: Source, sink: Sink, start: number): number {
  let offset = start;
  while (offset < source.size) {
    const window = source.read(offset, windowSize);
    const end = scanEnd(window);
    // The last byte waits for its partner in the next window.
    const safe = end ?? (offset + window.length < source.size ? window.length - 1 : window.length);
    sink.write(window.subarray(0, safe));
    offset += safe;
    if (end !== null) return offset;
  }
  return offset;
}

function scanEnd(window: Buffer): number | null {
  for (let at = window.indexOf(0xff); at >= 0 && at + 1 < window.length; ) {
    const next = window.readUInt8(at + 1);
    const belongs = next === 0x00 || (next >= 0xd0 && next <= 0xd7) || next === 0xff;
    if (!belongs) return at;
    at = window.indexOf(0xff, next === 0xff ? at + 1 : at + 2);
  }
  return null;
}
