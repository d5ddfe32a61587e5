import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ArchiveRefused, readLimits } from './read-limits.ts';
import type { ArchiveEntry } from './read-zip.ts';

const BLOCK = 512;
/** Bytes that a long name or the fields of a PAX header may have. */
const LONGEST_HEADER = 65_536;

type Header = { name: string; bytes: number; type: string };

/**
 * Unpacks the files of a tar (gzipped or not) that `wanted` names into one file, `store`, one behind
 * the other, and lists them: none is ever written under its own name (T115). Links, devices and folders
 * are passed over. At most `most` bytes are decoded (T116), and a hundred for each that is there.
 */
export async function unpackTar(
  path: string,
  store: string,
  options: { gzip: boolean; most: number; wanted: (name: string) => boolean },
): Promise<ArchiveEntry[]> {
  const reader = createReader(readTar(path, options));
  const out = await open(store, 'w', 0o600);
  const found: ArchiveEntry[] = [];
  let offset = 0;
  let count = 0;
  let next: Partial<Header> = {};
  try {
    for (;;) {
      const header = parseHeader(await reader.take(BLOCK));
      if (header === null) break;
      count += 1;
      if (count > readLimits.entries) throw new ArchiveRefused('This archive has too many files.');
      const bytes = next.bytes ?? header.bytes;
      const name = next.name ?? header.name;
      const padding = (BLOCK - (bytes % BLOCK)) % BLOCK;
      if ('xLKg'.includes(header.type)) {
        const text = await readText(reader, header.bytes);
        if (header.type === 'x') next = { ...next, ...readPax(text) };
        if (header.type === 'L')
          next = { ...next, name: text.toString('utf8').replace(/\0.*$/s, '') };
        await reader.skip((BLOCK - (header.bytes % BLOCK)) % BLOCK);
        continue;
      }
      next = {};
      if (!'0\x007'.includes(header.type) || !options.wanted(name)) {
        await reader.skip(header.type >= '1' && header.type <= '6' ? 0 : bytes + padding);
        continue;
      }
      for await (const piece of reader.pieces(bytes)) await writeAll(out, piece);
      await reader.skip(padding);
      const sizes = { bytes, compressed: bytes, offset };
      found.push({ name, place: { in: 'store', method: 0, crc: null, ...sizes } });
      offset += bytes;
    }
    await out.sync();
    return found;
  } finally {
    await out.close();
    await reader.end();
  }
}

async function writeAll(
  file: { write(b: Buffer, o: number): Promise<{ bytesWritten: number }> },
  piece: Buffer,
) {
  let written = 0;
  while (written < piece.length) written += (await file.write(piece, written)).bytesWritten;
}

async function* readTar(
  path: string,
  { gzip, most }: { gzip: boolean; most: number },
): AsyncGenerator<Buffer> {
  const raw = createReadStream(path, { highWaterMark: 262_144 });
  let taken = 0;
  raw.on('data', (piece) => {
    taken += piece.length;
  });
  raw.pause();
  const pieces = gzip ? pipeline(raw, createGunzip(), () => undefined) : raw;
  let bytes = 0;
  try {
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > most) {
        throw new ArchiveRefused('There is no room for what is in this archive.');
      }
      if (bytes > readLimits.ratioFrom && bytes > taken * readLimits.ratio) {
        throw new ArchiveRefused('This archive swells beyond all measure.');
      }
      yield piece;
    }
  } catch (error) {
    if (error instanceof ArchiveRefused) throw error;
    throw new ArchiveRefused('This archive is damaged or not complete. Please upload it again.');
  }
}

/** Takes exact numbers of bytes from a stream of pieces. */
function createReader(source: AsyncGenerator<Buffer>) {
  let rest: Buffer = Buffer.alloc(0);
  const more = async () => {
    const { done, value } = await source.next();
    if (done) throw new ArchiveRefused('This archive is not complete. Please upload it again.');
    rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
  };
  async function* pieces(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (rest.length === 0) await more();
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    pieces,
    take: async (bytes: number) => {
      while (rest.length < bytes) await more();
      const taken = rest.subarray(0, bytes);
      rest = rest.subarray(bytes);
      return taken;
    },
    skip: async (bytes: number) => {
      for await (const _ of pieces(bytes));
    },
    end: async () => {
      await source.return(undefined);
    },
  };
}

async function readText(reader: ReturnType<typeof createReader>, bytes: number): Promise<Buffer> {
  if (bytes > LONGEST_HEADER) throw new ArchiveRefused('A name in this archive is too long.');
  return Buffer.from(await reader.take(bytes));
}

/** Null at the end: a block of zeros. */
function parseHeader(block: Buffer): Header | null {
  if (block.every((byte) => byte === 0)) return null;
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 32 : (block[at] ?? 0);
  if (sum !== readNumber(block, 148, 8))
    throw new ArchiveRefused('This is no tar, or it is broken.');
  const prefix = block.toString('latin1', 257, 262) === 'ustar' ? readString(block, 345, 155) : '';
  const name = readString(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    bytes: readNumber(block, 124, 12),
    type: String.fromCharCode(block[156] ?? 0),
  };
}

function readString(block: Buffer, at: number, length: number): string {
  return block.toString('utf8', at, at + length).replace(/\0.*$/s, '');
}

/** Octal digits, or base 256 where the first bit is set (GNU). */
function readNumber(block: Buffer, at: number, length: number): number {
  let value: number;
  if (((block[at] ?? 0) & 0x80) !== 0) {
    value = (block[at] ?? 0) & 0x7f;
    for (let next = at + 1; next < at + length; next += 1) value = value * 256 + (block[next] ?? 0);
  } else value = Number.parseInt(readString(block, at, length).trim() || '0', 8);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ArchiveRefused('This archive names sizes that no disk has.');
  }
  return value;
}

/** Name and size of the next file, as `LENGTH key=value\n` (POSIX pax). */
function readPax(text: Buffer): Partial<Header> {
  const found: Partial<Header> = {};
  for (let at = 0; at < text.length; ) {
    const space = text.indexOf(32, at);
    const length = Number(text.toString('latin1', at, space));
    if (space < 0 || !Number.isInteger(length) || length < 5) break;
    const [key, ...value] = text.toString('utf8', space + 1, at + length - 1).split('=');
    if (key === 'path') found.name = value.join('=');
    const bytes = Number(value[0]);
    if (key === 'size' && Number.isSafeInteger(bytes) && bytes >= 0) found.bytes = bytes;
    at += length;
  }
  return found;
}
