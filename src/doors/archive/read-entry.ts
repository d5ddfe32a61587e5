import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import type { EntryPlace } from './import-item.ts';
import { ArchiveRefused, readLimits } from './read-limits.ts';
import { findData } from './read-zip.ts';

const PIECE = 65_536;

/**
 * The bytes of an entry, piece by piece. At most `most` of them, and at most a hundred times what they
 * were (T116), are made, whatever size the archive names; a sum that does not fit is refused at the end.
 */
export async function* readEntry(
  path: string,
  place: EntryPlace,
  most: number,
): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    const start = await findData(file, place);
    const raw = Readable.from(readRange(file, start, place.compressed));
    const pieces = place.method === 8 ? inflate(raw) : raw;
    let bytes = 0;
    let sum = 0;
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > most) throw new ArchiveRefused('A file in this archive is too large.');
      if (bytes > readLimits.ratioFrom && bytes > place.compressed * readLimits.ratio) {
        throw new ArchiveRefused('A file in this archive swells beyond all measure.');
      }
      if (place.crc !== null) sum = crc32(piece, sum);
      yield piece;
    }
    if (place.crc !== null && sum >>> 0 !== place.crc >>> 0) {
      throw new ArchiveRefused('A file in this archive is damaged.');
    }
  } finally {
    await file.close();
  }
}

function inflate(raw: Readable): AsyncIterable<Buffer> {
  const made = createInflateRaw({ chunkSize: PIECE });
  // What breaks here comes out of the iterator; the callback only keeps it from being thrown twice.
  return pipeline(raw, made, () => undefined);
}

async function* readRange(
  file: { read(b: Buffer, o: number, l: number, p: number): Promise<{ bytesRead: number }> },
  start: number,
  length: number,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; ) {
    const piece = Buffer.alloc(Math.min(PIECE, length - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, start + at);
    if (bytesRead === 0) throw new ArchiveRefused('This archive is not complete.');
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
