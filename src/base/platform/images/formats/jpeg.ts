import type { Facts } from '#base/platform/images/facts.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import type { Source } from '#base/platform/images/source.ts';

const maxSegments = 5000;

type Frame = { width: number; height: number; coefficientBytes: number; components: number };

/**
 * Reads the frame header of a JPEG (ITU-T T.81 §B.2.2) by walking its segments. A progressive or
 * multi-scan file makes the decoder hold every coefficient (two bytes each), which `decodeBytes` counts.
 */
export function readJpeg(source: Source): Facts {
  let offset = 2;
  let frame: Frame | undefined;
  let progressive = false;
  for (let count = 0; count < maxSegments; count += 1) {
    const head = source.read(offset, 4);
    if (head.length < 4 || head[0] !== 0xff)
      throw new ImageRefused('damaged', 'broken JPEG marker');
    const marker = head.readUInt8(1);
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    const length = head.readUInt16BE(2);
    if (length < 2) throw new ImageRefused('damaged', 'broken JPEG segment length');
    if (isFrameMarker(marker)) {
      frame = readFrame(source.read(offset + 4, length - 2));
      progressive = marker === 0xc2 || marker === 0xca;
    }
    if (marker === 0xda) {
      if (frame === undefined) throw new ImageRefused('damaged', 'JPEG scan without a frame');
      const partial = source.read(offset + 4, 1).readUInt8(0) < frame.components;
      return toFacts(frame, progressive || partial);
    }
    offset += 2 + length;
  }
  throw new ImageRefused('damaged', 'too many JPEG segments');
}

function isFrameMarker(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readFrame(body: Buffer): Frame {
  const height = body.readUInt16BE(1);
  const width = body.readUInt16BE(3);
  const components = body.readUInt8(5);
  let largestH = 1;
  let largestV = 1;
  let blocks = 0;
  for (let index = 0; index < components; index += 1) {
    const sampling = body.readUInt8(7 + index * 3);
    largestH = Math.max(largestH, sampling >> 4);
    largestV = Math.max(largestV, sampling & 15);
    blocks += (sampling >> 4) * (sampling & 15);
  }
  const share = blocks / (largestH * largestV);
  return { width, height, components, coefficientBytes: width * height * share * 2 };
}

function toFacts(frame: Frame, holdsAll: boolean): Facts {
  const { width, height } = frame;
  return {
    header: { format: 'jpeg', mime: 'image/jpeg', width, height, frames: 1, hasAlpha: false },
    decodeBytes: (holdsAll ? frame.coefficientBytes : 0) + width * 4 * 128,
  };
}
