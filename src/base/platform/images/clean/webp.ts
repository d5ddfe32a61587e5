import { cleanIcc } from '#base/platform/images/icc.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { openSource, type Source } from '#base/platform/images/source.ts';
import { webpChunk } from '#base/platform/images/webp-chunks.ts';
import { orientationExif } from './orientation-exif.ts';
import { type Sink, writeClean } from './sink.ts';

const pictureChunks = new Set(['ALPH', 'VP8 ', 'VP8L']);
const iccFlag = 0x20;
const exifFlag = 0x08;
const xmpFlag = 0x04;
const frameHead = 16;

/**
 * Copies a WebP without decoding it: picture and animation chunks as they are, the colour profile
 * cleaned, the orientation as the smallest EXIF; the flags of VP8X say what is there. EXIF, XMP, unknown
 * chunks (inside of frames too) and all that follows the RIFF are left out.
 */
export function cleanWebp(from: string, to: string, orientation: number): void {
  const source = openSource(from);
  try {
    writeClean(to, (sink) => {
      sink.copy(source, 0, 12);
      const flags = copyChunks(source, sink);
      if (flags !== null) {
        if (orientation !== 1) sink.write(webpChunk('EXIF', orientationExif(orientation)));
        const exif = orientation === 1 ? 0 : exifFlag;
        sink.patch(20, Buffer.from([(flags & ~(exifFlag | xmpFlag)) | exif]));
      }
      const size = Buffer.alloc(4);
      size.writeUInt32LE(sink.size() - 8);
      sink.patch(4, size);
    });
  } finally {
    source.close();
  }
}

/** Gives the flags of VP8X as they hold for what was copied, or null for a simple file. */
function copyChunks(source: Source, sink: Sink): number | null {
  const end = Math.min(source.size, source.read(4, 4).readUInt32LE(0) + 8);
  let flags: number | null = null;
  let pictures = 0;
  for (const { type, offset, length } of chunksOf(source, 12, end)) {
    if (type === 'VP8X') {
      flags = source.read(offset + 8, 1).readUInt8(0) & ~iccFlag;
      sink.copy(source, offset, 18);
    } else if (type === 'ICCP') {
      const cleaned = cleanIcc(source.read(offset + 8, Math.min(length, 4 * 1024 * 1024)));
      if (cleaned === null || flags === null) continue;
      sink.write(webpChunk('ICCP', cleaned));
      flags |= iccFlag;
    } else if (type === 'ANIM') {
      sink.copy(source, offset, 14);
    } else if (type === 'ANMF') {
      copyFrame(source, sink, offset, length);
      pictures += 1;
    } else if (pictureChunks.has(type)) {
      copyPadded(source, sink, offset, length);
      if (type !== 'ALPH') pictures += 1;
    }
  }
  if (pictures === 0) throw new ImageRefused('damaged', 'WebP without a picture');
  return flags;
}

function copyFrame(source: Source, sink: Sink, offset: number, length: number): void {
  const start = sink.size();
  sink.copy(source, offset, 8 + frameHead);
  for (const part of chunksOf(source, offset + 8 + frameHead, offset + 8 + length)) {
    if (pictureChunks.has(part.type)) copyPadded(source, sink, part.offset, part.length);
  }
  const size = Buffer.alloc(4);
  size.writeUInt32LE(sink.size() - start - 8);
  sink.patch(start + 4, size);
}

function copyPadded(source: Source, sink: Sink, offset: number, length: number): void {
  sink.copy(source, offset, length + 8);
  if (length % 2 === 1) sink.write(Buffer.alloc(1));
}

function* chunksOf(source: Source, start: number, end: number) {
  let offset = start;
  while (offset + 8 <= end) {
    const head = source.read(offset, 8);
    const length = head.readUInt32LE(4);
    yield { type: head.toString('latin1', 0, 4), offset, length };
    offset += 8 + length + (length % 2);
  }
}
