import { ImageRefused } from '#base/platform/images/refused.ts';
import { createCursor, openSource } from '#base/platform/images/source.ts';
import { type Sink, writeClean } from './sink.ts';

type Cursor = ReturnType<typeof createCursor>;

/**
 * Copies a GIF without decoding it: screen, colours, frames, timing and the loop count. Comments, plain
 * text, other applications' blocks (XMP lives there) and all that follows the trailer are left out.
 */
export function cleanGif(from: string, to: string): void {
  const source = openSource(from);
  try {
    writeClean(to, (sink) => {
      const cursor = createCursor(source, 0);
      sink.write(cursor.take(6));
      const screen = cursor.take(7);
      sink.write(screen);
      copyColors(cursor, sink, screen.readUInt8(4));
      if (copyBlocks(cursor, sink) === 0)
        throw new ImageRefused('damaged', 'GIF without a picture');
      sink.write(Buffer.from([0x3b]));
    });
  } finally {
    source.close();
  }
}

/** Gives the number of frames. A file that ends between two of them is closed there. */
function copyBlocks(cursor: Cursor, sink: Sink): number {
  let frames = 0;
  for (;;) {
    const introducer = nextIntroducer(cursor, frames);
    if (introducer === 0x21) copyExtension(cursor, sink);
    else if (introducer === 0x2c) {
      const place = cursor.take(9);
      sink.write(Buffer.from([introducer]));
      sink.write(place);
      copyColors(cursor, sink, place.readUInt8(8));
      sink.write(cursor.take(1));
      copySubBlocks(cursor, sink);
      frames += 1;
    } else if (introducer !== 0) return frames;
  }
}

function nextIntroducer(cursor: Cursor, frames: number): number {
  try {
    return cursor.byte();
  } catch (error) {
    if (error instanceof RangeError && frames > 0) return 0x3b;
    throw error;
  }
}

function copyExtension(cursor: Cursor, sink: Sink): void {
  const label = cursor.byte();
  if (label === 0xf9) {
    sink.write(Buffer.from([0x21, label]));
    copySubBlocks(cursor, sink);
    return;
  }
  const blocks = readSubBlocks(cursor);
  const name = blocks[0]?.toString('latin1');
  const loop = blocks[1];
  const repeats = name === 'NETSCAPE2.0' || name === 'ANIMEXTS1.0';
  if (label !== 0xff || !repeats || loop?.length !== 3 || loop[0] !== 1) return;
  sink.write(Buffer.from(`\x21\xff\x0b${name}\x03`, 'latin1'));
  sink.write(loop);
  sink.write(Buffer.alloc(1));
}

/** Keeps the first two blocks and walks over the rest. */
function readSubBlocks(cursor: Cursor): Buffer[] {
  const blocks: Buffer[] = [];
  for (let size = cursor.byte(); size !== 0; size = cursor.byte()) {
    if (blocks.length < 2) blocks.push(Buffer.from(cursor.take(size)));
    else cursor.skip(size);
  }
  return blocks;
}

function copySubBlocks(cursor: Cursor, sink: Sink): void {
  let pending: Buffer[] = [];
  for (let size = cursor.byte(); ; size = cursor.byte()) {
    pending.push(Buffer.from([size]), Buffer.from(cursor.take(size)));
    if (size === 0 || pending.length > 512) {
      sink.write(Buffer.concat(pending));
      pending = [];
    }
    if (size === 0) return;
  }
}

function copyColors(cursor: Cursor, sink: Sink, packed: number): void {
  if ((packed & 0x80) !== 0) sink.write(cursor.take(3 * 2 ** ((packed & 7) + 1)));
}
