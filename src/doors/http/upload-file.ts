import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Context } from '#base/context.ts';
import { checkDisk } from '#domain/storage/quota.ts';

/** Bytes between two looks at how much room the disk has. */
const LOOK_EVERY = 8_000_000;

/**
 * Writes a stream to `path` (new, readable by the server alone), counting and hashing as it goes, so
 * no more than one piece is in memory. Throws what the stream or the disk throws, `out_of_space`
 * when the disk runs low.
 */
export async function writeUpload(
  ctx: Pick<Context, 'config' | 'db' | 'files'>,
  stream: Readable,
  path: string,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  let looked = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    // Without `destroyOnReturn` a failure here would end the stream, and with it the whole form.
    const pieces = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const piece of pieces) {
      bytes += piece.byteLength;
      if (bytes - looked >= LOOK_EVERY) {
        looked = bytes;
        checkDisk(ctx, LOOK_EVERY);
      }
      hash.update(piece);
      await writeAll(file, piece);
    }
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, piece: Buffer): Promise<void> {
  let written = 0;
  while (written < piece.byteLength) {
    const { bytesWritten } = await file.write(piece, written);
    written += bytesWritten;
  }
}
