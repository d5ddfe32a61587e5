import { closeSync, openSync, writeSync } from 'node:fs';
import type { Source } from '#base/platform/images/source.ts';

/** A file being written front to back. */
export type Sink = {
  write(bytes: Uint8Array): void;
  /** Copies a piece of the source; throws `RangeError` when the source ends before. */
  copy(source: Source, offset: number, length: number): void;
  /** Overwrites bytes that were written before. */
  patch(offset: number, bytes: Uint8Array): void;
  /** Bytes written so far. */
  size(): number;
};

const pieceSize = 256 * 1024;

/** Opens both files, lets `work` write one from the other, and closes them whatever happens. */
export function writeClean<T>(path: string, work: (sink: Sink) => T): T {
  const descriptor = openSync(path, 'w', 0o600);
  let written = 0;
  const write = (bytes: Uint8Array): void => {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(descriptor, bytes, done, bytes.length - done, written + done);
    }
    written += bytes.length;
  };
  try {
    return work({
      write,
      copy: (source, offset, length) => {
        for (let done = 0; done < length; done += pieceSize) {
          const wanted = Math.min(pieceSize, length - done);
          const piece = source.read(offset + done, wanted);
          if (piece.length < wanted) throw new RangeError('the file ends early');
          write(piece);
        }
      },
      patch: (offset, bytes) => {
        writeSync(descriptor, bytes, 0, bytes.length, offset);
      },
      size: () => written,
    });
  } finally {
    closeSync(descriptor);
  }
}
