import { setRiffSize, webpChunk } from './webp-chunks.ts';

const largestIccSegment = 65_519;

/** Puts a colour profile into an encoded JPEG or WebP that has none; any other file is given back as is. */
export function attachIcc(file: Buffer, mime: string, profile: Buffer): Buffer {
  if (mime === 'image/jpeg') return attachToJpeg(file, profile);
  if (mime === 'image/webp') return attachToWebp(file, profile);
  return file;
}

/** APP2 segments of a profile (ICC.1:2022 annex B.4), ready to stand in a JPEG. */
export function iccSegments(profile: Buffer): Buffer {
  const count = Math.ceil(profile.length / largestIccSegment);
  const segments: Buffer[] = [];
  for (let index = 0; index < count; index += 1) {
    const part = profile.subarray(index * largestIccSegment, (index + 1) * largestIccSegment);
    const head = Buffer.from('\xff\xe2\0\0ICC_PROFILE\0\0\0', 'latin1');
    head.writeUInt16BE(part.length + 16, 2);
    head.writeUInt8(index + 1, 16);
    head.writeUInt8(count, 17);
    segments.push(head, part);
  }
  return Buffer.concat(segments);
}

function attachToJpeg(file: Buffer, profile: Buffer): Buffer {
  // After SOI, and after JFIF's APP0, which must come first.
  const hasJfif = file.readUInt16BE(2) === 0xffe0;
  const at = hasJfif ? 4 + file.readUInt16BE(4) : 2;
  return Buffer.concat([file.subarray(0, at), iccSegments(profile), file.subarray(at)]);
}

function attachToWebp(file: Buffer, profile: Buffer): Buffer {
  const icc = webpChunk('ICCP', profile);
  const type = file.toString('latin1', 12, 16);
  if (type === 'VP8X') {
    const start = Buffer.from(file.subarray(0, 30));
    start.writeUInt8(start.readUInt8(20) | 0x20, 20);
    return setRiffSize(Buffer.concat([start, icc, file.subarray(30)]));
  }
  const extended = Buffer.alloc(10);
  let alpha = 0;
  let width = file.readUInt16LE(26) & 0x3fff;
  let height = file.readUInt16LE(28) & 0x3fff;
  if (type === 'VP8L') {
    const bits = file.readUInt32LE(21);
    width = (bits & 0x3fff) + 1;
    height = ((bits >>> 14) & 0x3fff) + 1;
    alpha = (bits >>> 28) & 1;
  }
  extended.writeUInt8(0x20 | (alpha << 4), 0);
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  return setRiffSize(
    Buffer.concat([file.subarray(0, 12), webpChunk('VP8X', extended), icc, file.subarray(12)]),
  );
}
