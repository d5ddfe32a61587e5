import { type FileHandle, open } from 'node:fs/promises';
import type { EntryPlace } from './import-item.ts';
import { ArchiveRefused, readLimits } from './read-limits.ts';

/** A file in an archive; its name is looked at, never used as a path. */
export type ArchiveEntry = { name: string; place: EntryPlace };

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LONGEST_COMMENT = 65_535;
const WINDOW = 1_000_000;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
/** Bytes of the central directory for each entry that may be there: name, extra fields, comment. */
const DIRECTORY_SHARE = 500;

type Directory = { entries: number; bytes: number; offset: number };

/**
 * Lists the files of a ZIP (APPNOTE 4.3, ZIP64 too) from its central directory, a megabyte at a time.
 * Refuses what no honest program writes: entries that overlap (T116), more of them than announced or
 * allowed. Folders, links and devices are left out (T115). Sizes are as written and believed by nobody.
 */
export async function listZip(path: string): Promise<ArchiveEntry[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const directory = await findDirectory(file, size);
    if (directory.entries > readLimits.entries) throw tooMany();
    if (directory.bytes > (directory.entries + 1) * (DIRECTORY_SHARE + readLimits.nameBytes)) {
      throw new ArchiveRefused('The list of files in this ZIP is broken.');
    }
    const found = await readDirectory(file, directory);
    refuseOverlaps(found, directory.offset);
    return found.flatMap(({ entry }) => entry ?? []);
  } finally {
    await file.close();
  }
}

type Found = { offset: number; least: number; entry: ArchiveEntry | null };

function tooMany(): ArchiveRefused {
  const most = readLimits.entries.toLocaleString('en');
  return new ArchiveRefused(`This archive has more than ${most} files, which is too many.`);
}

async function findDirectory(file: FileHandle, size: number): Promise<Directory> {
  const length = Math.min(size, 22 + LONGEST_COMMENT);
  const tail = await readAt(file, size - length, length);
  for (let at = length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END || tail.readUInt16LE(at + 20) !== length - at - 22) continue;
    const end = size - length + at;
    const plain = {
      entries: tail.readUInt16LE(at + 10),
      bytes: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    };
    const isLong =
      plain.entries === 0xffff || plain.bytes === 0xffffffff || plain.offset === 0xffffffff;
    const long = isLong ? await findLongDirectory(file, end) : null;
    const found = long ?? { ...plain, end };
    if (found.offset + found.bytes !== found.end) break;
    return found;
  }
  throw new ArchiveRefused('This ZIP is broken or not complete. Please upload it again.');
}

async function findLongDirectory(
  file: FileHandle,
  end: number,
): Promise<(Directory & { end: number }) | null> {
  if (end < 76) return null;
  const locator = await readAt(file, end - 20, 20);
  if (locator.readUInt32LE(0) !== LOCATOR64) return null;
  const at = readLong(locator, 8);
  if (at + 56 > end) return null;
  const record = await readAt(file, at, 56);
  if (record.readUInt32LE(0) !== END64) return null;
  return {
    entries: readLong(record, 32),
    bytes: readLong(record, 40),
    offset: readLong(record, 48),
    end: at,
  };
}

async function readDirectory(file: FileHandle, directory: Directory): Promise<Found[]> {
  const found: Found[] = [];
  let start = directory.offset;
  const end = directory.offset + directory.bytes;
  let window: Buffer = Buffer.alloc(0);
  let at = 0;
  const need = async (bytes: number) => {
    if (window.length - at >= bytes) return;
    start += at;
    window = await readAt(file, start, Math.min(Math.max(WINDOW, bytes), end - start));
    at = 0;
    if (window.length < bytes) throw new ArchiveRefused('The list of files in this ZIP is broken.');
  };
  while (start + at < end) {
    await need(CENTRAL_BYTES);
    if (window.readUInt32LE(at) !== CENTRAL) {
      throw new ArchiveRefused('The list of files in this ZIP is broken.');
    }
    const name = window.readUInt16LE(at + 28);
    const extra = window.readUInt16LE(at + 30);
    const whole = CENTRAL_BYTES + name + extra + window.readUInt16LE(at + 32);
    await need(whole);
    found.push(readCentral(window.subarray(at, at + CENTRAL_BYTES + name + extra), name));
    if (found.length > readLimits.entries) throw tooMany();
    at += whole;
  }
  if (found.length !== directory.entries) {
    throw new ArchiveRefused('The list of files in this ZIP does not fit its number.');
  }
  return found;
}

function readCentral(record: Buffer, nameBytes: number): Found {
  const flags = record.readUInt16LE(8);
  const method = record.readUInt16LE(10);
  const bytes = record.subarray(CENTRAL_BYTES, CENTRAL_BYTES + nameBytes);
  const sizes = readSizes(record, CENTRAL_BYTES + nameBytes);
  const name = decodeName(bytes);
  // The upper half is a Unix mode where the archive says it was made on Unix; other systems know no links.
  const type = record.readUInt8(5) === 3 ? (record.readUInt32LE(38) >>> 28) & 0xf : 8;
  const isFile = (type === 8 || type === 0) && !name.endsWith('/') && bytes.length > 0;
  const isReadable = (flags & 1) === 0 && (method === 0 || method === 8);
  const least = LOCAL_BYTES + nameBytes + sizes.compressed;
  const crc = record.readUInt32LE(16);
  if (!isFile || !isReadable || nameBytes > readLimits.nameBytes) {
    return { offset: sizes.offset, least, entry: null };
  }
  const place: EntryPlace = { in: 'zip', method: method === 8 ? 8 : 0, crc, ...sizes };
  return { offset: sizes.offset, least, entry: { name, place } };
}

/** Sizes and offset, from the ZIP64 field where they did not fit (APPNOTE 4.5.3). */
function readSizes(record: Buffer, extraAt: number) {
  const sizes = {
    bytes: record.readUInt32LE(24),
    compressed: record.readUInt32LE(20),
    offset: record.readUInt32LE(42),
  };
  for (let at = extraAt; at + 4 <= record.length; at += 4 + record.readUInt16LE(at + 2)) {
    if (record.readUInt16LE(at) !== 1) continue;
    const end = Math.min(record.length, at + 4 + record.readUInt16LE(at + 2));
    let next = at + 4;
    for (const key of ['bytes', 'compressed', 'offset'] as const) {
      if (sizes[key] !== 0xffffffff || next + 8 > end) continue;
      sizes[key] = readLong(record, next);
      next += 8;
    }
    break;
  }
  return sizes;
}

/** Every entry ends before the next begins, and the last before the directory. */
function refuseOverlaps(found: Found[], directoryAt: number): void {
  const sorted = [...found].sort((one, other) => one.offset - other.offset);
  for (const [index, each] of sorted.entries()) {
    const next = sorted[index + 1]?.offset ?? directoryAt;
    if (each.offset + each.least > next) {
      throw new ArchiveRefused('Files overlap in this ZIP; no honest program makes such a file.');
    }
  }
}

function decodeName(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

function readLong(buffer: Buffer, at: number): number {
  const value = Number(buffer.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) {
    throw new ArchiveRefused('This ZIP names sizes that no disk has.');
  }
  return value;
}

/** Where the bytes of an entry begin: behind its local header. */
export async function findData(file: FileHandle, place: EntryPlace): Promise<number> {
  if (place.in !== 'zip') return place.offset;
  const header = await readAt(file, place.offset, LOCAL_BYTES);
  if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== 0x04034b50) {
    throw new ArchiveRefused('This file is not where the ZIP says it is.');
  }
  return place.offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, length));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}
