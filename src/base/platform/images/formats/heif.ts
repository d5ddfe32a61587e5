import type { Facts, HeifFacts } from '#base/platform/images/facts.ts';
import { combinePlacements, upright } from '#base/platform/images/placement.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import type { Source } from '#base/platform/images/source.ts';
import { type Box, listBoxes, readMeta } from './heif-boxes.ts';

type Coding = 'heic' | 'avif';

/** References in one file (a large photo has some hundred tiles), and helpers of one picture. */
const maxReferences = 20_000;
const maxAuxiliaries = 32;

/**
 * Reads the primary picture of an AVIF or HEIC file (ISO/IEC 23008-12): size from `ispe`, coding from
 * its own item type or that of its tiles, transformations and colour primaries. Pictures that are not
 * primary are never decoded, so only thumbnails of absurd size could hide there.
 */
export function readHeif(source: Source): Facts {
  const boxes = listBoxes(readMeta(source));
  const primary = readPrimary(find(boxes, 'pitm'));
  const types = readItemTypes(find(boxes, 'iinf'));
  const references = readReferences(boxes.find((box) => box.type === 'iref'));
  const properties = readProperties(find(boxes, 'iprp'), primary);
  const tiles = types.get(primary) === 'grid' ? (references.tiles.get(primary) ?? []) : [];
  const format = codingOf(types.get(tiles[0] ?? primary));
  const size = properties.find((box) => box.type === 'ispe')?.body;
  if (size === undefined) throw new ImageRefused('damaged', 'the primary picture has no size');
  const width = size.readUInt32BE(4);
  const height = size.readUInt32BE(8);
  const auxiliaries = references.auxiliaries.get(primary) ?? new Set();
  if (auxiliaries.size > maxAuxiliaries) throw new ImageRefused('damaged', 'too many helpers');
  const hasAlpha = [...auxiliaries].some((id) => isAlpha(readProperties(find(boxes, 'iprp'), id)));
  const heif = readTransformations(properties);
  const mime = format === 'heic' ? 'image/heic' : 'image/avif';
  const light = format === 'heic' && tiles.length > 0 && !hasAlpha && !heif.cropped;
  // In tiles: our own RGB raster. Whole: planes of the decoder, RGBA and its copies.
  const decodeBytes = width * height * (light ? 3 : 12);
  return { header: { format, mime, width, height, frames: 1, hasAlpha }, decodeBytes, heif };
}

function find(boxes: Box[], type: string): Buffer {
  const box = boxes.find((candidate) => candidate.type === type);
  if (box === undefined) throw new ImageRefused('damaged', `no ${type} box`);
  return box.body;
}

function codingOf(type: string | undefined): Coding {
  if (type === 'hvc1') return 'heic';
  if (type === 'av01') return 'avif';
  throw new ImageRefused('unsupported', `the picture is coded as ${type}`);
}

function readPrimary(body: Buffer): number {
  return body.readUInt8(0) === 0 ? body.readUInt16BE(4) : body.readUInt32BE(4);
}

function readItemTypes(body: Buffer): Map<number, string> {
  const types = new Map<number, string>();
  const skip = body.readUInt8(0) === 0 ? 6 : 8;
  for (const entry of listBoxes(body.subarray(skip))) {
    if (entry.type !== 'infe') continue;
    const version = entry.body.readUInt8(0);
    if (version < 2) continue;
    const id = version === 2 ? entry.body.readUInt16BE(4) : entry.body.readUInt32BE(4);
    const at = version === 2 ? 8 : 10;
    types.set(id, entry.body.toString('latin1', at, at + 4));
  }
  return types;
}

/** `dimg` leads from a grid to its tiles, `auxl` from an alpha plane, depth or gain map to its picture. */
function readReferences(box: Box | undefined) {
  const tiles = new Map<number, number[]>();
  const auxiliaries = new Map<number, Set<number>>();
  let total = 0;
  if (box === undefined) return { tiles, auxiliaries };
  const wide = box.body.readUInt8(0) !== 0;
  const bytes = wide ? 4 : 2;
  for (const { type, body } of listBoxes(box.body.subarray(4))) {
    const from = body.readUIntBE(0, bytes);
    const count = body.readUInt16BE(bytes);
    const to: number[] = [];
    total += count;
    if (total > maxReferences) throw new ImageRefused('damaged', 'too many references');
    for (let index = 0; index < count; index += 1) {
      to.push(body.readUIntBE(bytes + 2 + index * bytes, bytes));
    }
    if (type === 'dimg') tiles.set(from, to);
    if (type !== 'auxl') continue;
    for (const id of to) {
      const known = auxiliaries.get(id) ?? new Set<number>();
      auxiliaries.set(id, known.add(from));
    }
  }
  return { tiles, auxiliaries };
}

function isAlpha(properties: Box[]): boolean {
  const kind = properties.find((box) => box.type === 'auxC')?.body.toString('latin1', 4) ?? '';
  return kind.startsWith('urn:mpeg:hevc:2015:auxid:1') || kind.includes('auxiliary:alpha');
}

function readProperties(body: Buffer, item: number): Box[] {
  const boxes = listBoxes(body);
  const all = listBoxes(find(boxes, 'ipco'));
  const chosen: Box[] = [];
  for (const { type, body: map } of boxes) {
    if (type !== 'ipma') continue;
    const wideIds = map.readUInt8(0) !== 0;
    const wideIndex = (map.readUInt8(3) & 1) === 1;
    let offset = 8;
    for (let entries = map.readUInt32BE(4); entries > 0; entries -= 1) {
      const id = wideIds ? map.readUInt32BE(offset) : map.readUInt16BE(offset);
      offset += wideIds ? 4 : 2;
      const count = map.readUInt8(offset);
      offset += 1;
      for (let index = 0; index < count; index += 1) {
        const position = wideIndex
          ? map.readUInt16BE(offset) & 0x7fff
          : map.readUInt8(offset) & 0x7f;
        offset += wideIndex ? 2 : 1;
        const property = id === item ? all[position - 1] : undefined;
        if (property !== undefined) chosen.push(property);
      }
    }
  }
  return chosen;
}

function readTransformations(properties: Box[]): HeifFacts {
  let placement = upright;
  let cropped = false;
  let primaries: number | undefined;
  for (const { type, body } of properties) {
    if (type === 'clap') cropped = true;
    if (type === 'irot') {
      const turns = ([0, 270, 180, 90] as const)[body.readUInt8(0) & 3] ?? 0;
      placement = combinePlacements(placement, { flop: false, rotate: turns });
    }
    if (type === 'imir') {
      const leftToRight = (body.readUInt8(0) & 1) === 1;
      placement = combinePlacements(placement, { flop: true, rotate: leftToRight ? 0 : 180 });
    }
    if (type === 'colr' && body.toString('latin1', 0, 4) === 'nclx')
      primaries = body.readUInt16BE(4);
  }
  return { placement, cropped, primaries };
}
