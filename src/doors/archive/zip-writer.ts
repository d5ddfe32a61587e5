import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { directoryHeader, endRecords, localHeader, type ZipEntry } from './zip-records.ts';

/** What was put in: bytes and SHA-256 of the content. */
export type Packed = { bytes: number; sha256: string };

export type ZipWriter = {
  /** Puts in a text or a few bytes, deflated where that makes them smaller. */
  add(name: string, content: string | Uint8Array, modifiedAt: number): Packed;
  /** Puts in a file: stored as it is, or deflated. Throws what opening and reading it throws, and then nothing was put in. */
  addFile(
    name: string,
    path: string,
    how: { deflate: boolean; modifiedAt: number },
  ): Promise<Packed>;
  /** Writes the directory and makes all of it durable; gives the size of the file. */
  finish(): number;
  /** Gives up; whoever began it removes the files. */
  abort(): void;
};

const CHUNK = 1 << 20;
const NOTHING = Buffer.alloc(CHUNK);
/** Deflated, a text that cannot be packed grows a little: below this it stays under 4 GB for certain. */
const WIDE_FROM = 0xf000_0000;
/** Bytes below which nothing is saved. */
const WORTHWHILE = 100;
/** Bytes after which whoever waits for this process is heard. */
const TURN = 64 * CHUNK;

/** The file that grows: descriptors, and how far each of them has come. */
type Open = {
  out: number;
  directory: number;
  at: number;
  directoryBytes: number;
  entries: number;
  signal: AbortSignal | undefined;
};

/**
 * Writes a ZIP of any size with the memory of a few chunks: the directory lies in `spool` until the
 * end, and headers are written again once sizes are known, so that readers need no data descriptors
 * (the library at hand kept 7 kB an entry). Holes of sparse files stay holes. `signal` ends it with a throw.
 */
export function createZip(path: string, spool: string, signal?: AbortSignal): ZipWriter {
  const zip: Open = {
    out: openSync(path, 'wx', 0o600),
    directory: openSync(spool, 'wx+', 0o600),
    at: 0,
    directoryBytes: 0,
    entries: 0,
    signal,
  };
  return {
    add: (name, content, modifiedAt) => addBytes(zip, name, Buffer.from(content), modifiedAt),
    addFile: async (name, from, { deflate, modifiedAt }) => {
      const file = openSync(from, 'r');
      try {
        const entry = newEntry(name, deflate ? 8 : 0, modifiedAt);
        entry.wide = fstatSync(file).size >= WIDE_FROM;
        begin(zip, entry);
        const sha256 = await (deflate ? deflateFile : storeFile)(zip, entry, file).catch(
          (error) => {
            takeBack(zip, entry);
            throw error;
          },
        );
        end(zip, entry);
        return { bytes: entry.size, sha256 };
      } finally {
        closeSync(file);
      }
    },
    finish: () => {
      writeDirectory(zip);
      ftruncateSync(zip.out, zip.at);
      fsyncSync(zip.out);
      closeAll(zip);
      rmSync(spool, { force: true });
      return zip.at;
    },
    abort: () => closeAll(zip),
  };
}

function closeAll(zip: Open): void {
  closeSync(zip.out);
  closeSync(zip.directory);
}

function newEntry(name: string, method: 0 | 8, modifiedAt: number): ZipEntry {
  return { name, method, crc32: 0, packed: 0, size: 0, at: 0, modifiedAt, wide: false };
}

function addBytes(zip: Open, name: string, bytes: Buffer, modifiedAt: number): Packed {
  const packed = bytes.length < WORTHWHILE ? bytes : deflateRawSync(bytes);
  const smaller = packed.length < bytes.length;
  const content = smaller ? packed : bytes;
  const entry: ZipEntry = {
    ...newEntry(name, smaller ? 8 : 0, modifiedAt),
    crc32: crc32(bytes),
    size: bytes.length,
    packed: content.length,
  };
  begin(zip, entry);
  put(zip, content);
  end(zip, entry);
  const sha256 = new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
  return { bytes: bytes.length, sha256 };
}

function begin(zip: Open, entry: ZipEntry): void {
  zip.signal?.throwIfAborted();
  entry.at = zip.at;
  const header = localHeader(entry);
  writeAll(zip.out, header, zip.at);
  zip.at += header.length;
}

/** What was written of an entry is gone, so that holes behind it are holes. */
function takeBack(zip: Open, entry: ZipEntry): void {
  ftruncateSync(zip.out, entry.at);
  zip.at = entry.at;
}

/** Sizes and checksum are known now. */
function end(zip: Open, entry: ZipEntry): void {
  writeAll(zip.out, localHeader(entry), entry.at);
  const header = directoryHeader(entry);
  writeAll(zip.directory, header, zip.directoryBytes);
  zip.directoryBytes += header.length;
  zip.entries += 1;
}

function put(zip: Open, bytes: Uint8Array): void {
  if (bytes.length < 4096 || !isNothing(bytes)) writeAll(zip.out, bytes, zip.at);
  zip.at += bytes.length;
}

async function storeFile(zip: Open, entry: ZipEntry, file: number): Promise<string> {
  const hash = new Bun.CryptoHasher('sha256');
  let sinceTurn = 0;
  for (const bytes of chunks(file, entry, hash)) {
    put(zip, bytes);
    sinceTurn += bytes.length;
    if (sinceTurn < TURN) continue;
    sinceTurn = 0;
    await turn(zip.signal);
  }
  entry.packed = entry.size;
  return hash.digest('hex');
}

async function deflateFile(zip: Open, entry: ZipEntry, file: number): Promise<string> {
  const hash = new Bun.CryptoHasher('sha256');
  const packer = createDeflateRaw();
  const reading = (async () => {
    for (const bytes of chunks(file, entry, hash)) {
      // The packer reads it later, when the chunk holds something else.
      const ready = packer.write(Buffer.from(bytes));
      if (!ready) await new Promise((resolve) => packer.once('drain', resolve));
      await turn(zip.signal);
    }
    packer.end();
  })();
  reading.catch((error) => packer.destroy(error));
  for await (const part of packer) {
    put(zip, part);
    entry.packed += part.length;
  }
  await reading;
  return hash.digest('hex');
}

/** The content of a file piece by piece, counted in; each piece holds until the next is asked for. */
function* chunks(file: number, entry: ZipEntry, hash: Bun.CryptoHasher): Generator<Buffer> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const read = readSync(file, chunk, 0, CHUNK, entry.size);
    if (read === 0) return;
    const bytes = chunk.subarray(0, read);
    hash.update(bytes);
    entry.crc32 = crc32(bytes, entry.crc32);
    entry.size += read;
    yield bytes;
  }
}

function writeDirectory(zip: Open): void {
  const at = zip.at;
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (let read = 0; read < zip.directoryBytes; ) {
    const count = readSync(zip.directory, chunk, 0, CHUNK, read);
    if (count === 0) throw new Error('The directory of the archive was cut short.');
    writeAll(zip.out, chunk.subarray(0, count), zip.at);
    read += count;
    zip.at += count;
  }
  const last = endRecords({ entries: zip.entries, at, bytes: zip.directoryBytes });
  writeAll(zip.out, last, zip.at);
  zip.at += last.length;
}

function isNothing(bytes: Uint8Array): boolean {
  return NOTHING.compare(bytes, 0, bytes.length, 0, bytes.length) === 0;
}

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, at + written);
  }
}

/** Lets the process hear what others say to it. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
