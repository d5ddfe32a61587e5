import { readFileSync } from 'node:fs';
import type { Facts } from './facts.ts';
import { type Placement, upright } from './placement.ts';
import { ImageRefused } from './refused.ts';

/** Decoded pixels, 8 bits a channel, and how they must be placed for viewing. */
export type HeicRaster = {
  data: Buffer;
  width: number;
  height: number;
  channels: 3 | 4;
  placement: Placement;
};

/** The part of libheif's C interface (libheif/heif.h) that is called here; numbers are addresses. */
type Libheif = {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _heif_context_alloc(): number;
  _heif_context_free(context: number): void;
  _heif_context_set_max_decoding_threads(context: number, threads: number): void;
  _heif_context_read_from_memory_without_copy(
    error: number,
    context: number,
    bytes: number,
    length: number,
    options: number,
  ): void;
  _heif_context_get_primary_image_handle(error: number, context: number, handle: number): void;
  _heif_image_handle_release(handle: number): void;
  _heif_image_handle_get_width(handle: number): number;
  _heif_image_handle_get_height(handle: number): number;
  _heif_image_handle_get_image_tiling(
    error: number,
    handle: number,
    transformed: number,
    tiling: number,
  ): void;
  _heif_decoding_options_alloc(): number;
  _heif_decoding_options_free(options: number): void;
  _heif_image_handle_decode_image_tile(
    error: number,
    handle: number,
    image: number,
    colorspace: number,
    chroma: number,
    options: number,
    column: number,
    row: number,
  ): void;
  _heif_decode_image(
    error: number,
    handle: number,
    image: number,
    colorspace: number,
    chroma: number,
    options: number,
  ): void;
  _heif_image_get_plane_readonly(image: number, channel: number, stride: number): number;
  _heif_image_get_width(image: number, channel: number): number;
  _heif_image_get_height(image: number, channel: number): number;
  _heif_image_release(image: number): void;
};

const colorspaceRgb = 1;
const chromaRgb = 10;
const chromaRgba = 11;
const channelInterleaved = 10;
const memoryError = 6;

/**
 * Decodes the primary picture of a HEIC file with libheif as WASM. Phones store a grid of 512-pixel
 * tiles: these are decoded one by one into our own raster, which needs half of the memory of a whole
 * decode and a third less time. Transformations are left to the caller (`placement`), except where a
 * clean aperture or transparency asks for libheif's own whole decode.
 */
export function decodeHeic(path: string, facts: Facts): HeicRaster {
  // Loaded only when a HEIC comes along: the WASM module costs 40 MB.
  const heif = require('libheif-js/wasm-bundle') as Libheif;
  const file = readFileSync(path);
  const bytes = heif._malloc(file.length);
  const scratch = heif._malloc(256);
  const context = heif._heif_context_alloc();
  try {
    heif.HEAPU8.set(file, bytes);
    return decode(heif, { context, scratch, bytes, length: file.length }, facts);
  } finally {
    heif._heif_context_free(context);
    heif._free(scratch);
    heif._free(bytes);
  }
}

type Session = { context: number; scratch: number; bytes: number; length: number };

function decode(heif: Libheif, session: Session, facts: Facts): HeicRaster {
  const { context, scratch, bytes, length } = session;
  const result = scratch + 16;
  heif._heif_context_read_from_memory_without_copy(scratch, context, bytes, length, 0);
  check(heif, scratch);
  heif._heif_context_get_primary_image_handle(scratch, context, result);
  check(heif, scratch);
  const handle = word(heif, result);
  const options = heif._heif_decoding_options_alloc();
  try {
    const whole = facts.header.hasAlpha || facts.heif?.cropped === true;
    if (whole) return decodeWhole(heif, handle, scratch, facts.header.hasAlpha ? 4 : 3);
    // struct heif_decoding_options: a version byte, then `ignore_transformations`.
    heif.HEAPU8[options + 1] = 1;
    const { width, height } = facts.header;
    const data = decodeTiles(heif, { handle, options, scratch }, width, height);
    return { data, width, height, channels: 3, placement: facts.heif?.placement ?? upright };
  } finally {
    heif._heif_decoding_options_free(options);
    heif._heif_image_handle_release(handle);
  }
}

function decodeTiles(
  heif: Libheif,
  { handle, options, scratch }: { handle: number; options: number; scratch: number },
  width: number,
  height: number,
): Buffer {
  const result = scratch + 16;
  heif._heif_image_handle_get_image_tiling(scratch, handle, 0, result);
  check(heif, scratch);
  // struct heif_image_tiling: version, columns, rows, tile width, tile height, width, height, …
  const [columns, rows, tileWidth, tileHeight] = [4, 8, 12, 16].map((at) =>
    word(heif, result + at),
  );
  if (!columns || !rows || !tileWidth || !tileHeight || columns * rows > 65_536) {
    throw new ImageRefused('damaged', 'broken HEIC tiling');
  }
  const raster = Buffer.alloc(width * height * 3);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      heif._heif_image_handle_decode_image_tile(
        ...([scratch, handle, result, colorspaceRgb, chromaRgb, options, column, row] as const),
      );
      check(heif, scratch);
      const at = { left: column * tileWidth, top: row * tileHeight };
      copyInto(heif, word(heif, result), result, { data: raster, width, height, channels: 3 }, at);
    }
  }
  return raster;
}

function decodeWhole(heif: Libheif, handle: number, scratch: number, channels: 3 | 4): HeicRaster {
  const result = scratch + 16;
  const chroma = channels === 4 ? chromaRgba : chromaRgb;
  heif._heif_decode_image(scratch, handle, result, colorspaceRgb, chroma, 0);
  check(heif, scratch);
  const image = word(heif, result);
  const width = heif._heif_image_get_width(image, channelInterleaved);
  const height = heif._heif_image_get_height(image, channelInterleaved);
  const data = Buffer.alloc(width * height * channels);
  copyInto(heif, image, result, { data, width, height, channels }, { left: 0, top: 0 });
  return { data, width, height, channels, placement: upright };
}

/** Copies what of a decoded image lies inside of the raster, and releases the image. */
function copyInto(
  heif: Libheif,
  image: number,
  scratch: number,
  raster: { data: Buffer; width: number; height: number; channels: number },
  at: { left: number; top: number },
): void {
  const plane = heif._heif_image_get_plane_readonly(image, channelInterleaved, scratch);
  const stride = word(heif, scratch);
  const width = Math.min(
    heif._heif_image_get_width(image, channelInterleaved),
    raster.width - at.left,
  );
  const height = Math.min(
    heif._heif_image_get_height(image, channelInterleaved),
    raster.height - at.top,
  );
  if (plane !== 0 && width > 0) {
    for (let row = 0; row < height; row += 1) {
      const from = plane + row * stride;
      const to = ((at.top + row) * raster.width + at.left) * raster.channels;
      raster.data.set(heif.HEAPU8.subarray(from, from + width * raster.channels), to);
    }
  }
  heif._heif_image_release(image);
}

function word(heif: Libheif, address: number): number {
  return heif.HEAPU32[address >>> 2] ?? 0;
}

/** struct heif_error: code, subcode, address of a message. */
function check(heif: Libheif, error: number): void {
  const code = word(heif, error);
  if (code === 0) return;
  const start = word(heif, error + 8);
  const end = heif.HEAPU8.indexOf(0, start);
  const message = Buffer.from(heif.HEAPU8.subarray(start, Math.min(end, start + 200))).toString();
  // A size that the file's own boxes rule out comes with the code of memory, too.
  const memory = code === memoryError && !message.includes('Security limit');
  throw new ImageRefused(memory ? 'out_of_memory' : 'damaged', `HEIC: ${message}`);
}
