import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A file read in pieces, so that its size never decides how much memory a look at it takes. */
export type Source = {
  /** Bytes. */
  size: number;
  /** Up to `length` bytes from `offset`; fewer at the end of the file, none beyond it. */
  read(offset: number, length: number): Buffer;
  close(): void;
};

/** No single look at a header may take more than this many bytes into memory. */
const largestPiece = 16 * 1024 * 1024;

/** Opens a file for reading in pieces. Throws what `openSync` throws; close it when done. */
export function openSource(path: string): Source {
  const descriptor = openSync(path, 'r');
  const { size } = fstatSync(descriptor);
  return {
    size,
    read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      if (wanted > largestPiece) throw new RangeError(`a piece of ${wanted} bytes is too large`);
      const piece = Buffer.allocUnsafe(wanted);
      let filled = 0;
      while (filled < wanted) {
        const got = readSync(descriptor, piece, filled, wanted - filled, offset + filled);
        if (got === 0) break;
        filled += got;
      }
      return piece.subarray(0, filled);
    },
    close: () => closeSync(descriptor),
  };
}

/**
 * Reads single bytes and short runs in order through one window, for formats that must be walked
 * byte by byte. Throws `RangeError` beyond the end of the file.
 */
export function createCursor(source: Source, start: number) {
  const windowSize = 64 * 1024;
  let offset = start;
  let windowStart = 0;
  let window: Buffer = Buffer.alloc(0);

  const take = (length: number): Buffer => {
    if (offset < windowStart || offset + length > windowStart + window.length) {
      windowStart = offset;
      window = source.read(offset, Math.max(windowSize, length));
    }
    if (offset + length > windowStart + window.length) throw new RangeError('the file ends early');
    const piece = window.subarray(offset - windowStart, offset - windowStart + length);
    offset += length;
    return piece;
  };

  return {
    take,
    byte: () => take(1).readUInt8(0),
    skip: (length: number) => {
      offset += length;
    },
    position: () => offset,
  };
}
