import { open, rm } from 'node:fs/promises';
import { AppError } from '#base/core/errors.ts';

type Pieces = AsyncIterable<Uint8Array>;

/** Bytes and SHA-256 (hex) of everything that comes. */
export async function hashPieces(pieces: Pieces): Promise<{ bytes: number; sha256: string }> {
  const seen = { bytes: 0, sha256: '' };
  for await (const _ of hashWhile(pieces, seen));
  return seen;
}

/** Passes everything on; `seen` holds bytes and SHA-256 (hex) once the last piece is through. */
export async function* hashWhile(
  pieces: Pieces,
  seen: { bytes: number; sha256: string },
): AsyncGenerator<Uint8Array> {
  const hash = new Bun.CryptoHasher('sha256');
  for await (const piece of pieces) {
    hash.update(piece);
    seen.bytes += piece.byteLength;
    yield piece;
  }
  seen.sha256 = hash.digest('hex');
}

/**
 * A local file in pieces; `seen` holds bytes and SHA-256 (hex) once the last is through. Throws
 * `invalid` at the end if that is not what was expected.
 */
export async function* readExpected(
  path: string,
  seen: { bytes: number; sha256: string },
  expected: { bytes: number; sha256: string } | undefined,
): AsyncGenerator<Uint8Array> {
  seen.bytes = 0;
  yield* hashWhile(Bun.file(path).stream(), seen);
  if (expected === undefined) return;
  if (seen.bytes !== expected.bytes || seen.sha256 !== expected.sha256) {
    throw new AppError('invalid', 'The file is not what it was when it was stored.');
  }
}

/** Passes everything on and throws `too_large` beyond so many bytes. */
export async function* limitPieces(pieces: Pieces, max: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.byteLength;
    if (bytes > max) throw new AppError('too_large', 'The file is larger than it should be.');
    yield piece;
  }
}

/** Writes pieces to a new file that only its owner reads; on any failure nothing is left of it. */
export async function saveLocally(
  pieces: Pieces,
  path: string,
): Promise<{ bytes: number; sha256: string }> {
  const seen = { bytes: 0, sha256: '' };
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of hashWhile(pieces, seen)) {
      for (let done = 0; done < piece.byteLength; ) {
        done += (await file.write(piece, done)).bytesWritten;
      }
    }
    return seen;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** The lines of a text file that comes in pieces, without their ends; throws `invalid` at one beyond `max` bytes. */
export async function* readLines(pieces: Pieces, max: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: false });
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > max) throw new AppError('invalid', 'A line is too long.');
    for (const line of lines) {
      if (line.length > max) throw new AppError('invalid', 'A line is too long.');
      if (line !== '') yield line;
    }
  }
  if (rest !== '') yield rest;
}

/** A small file as pieces. */
export async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
