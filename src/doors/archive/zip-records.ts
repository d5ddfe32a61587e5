/** What the ZIP's records say of one entry (PKWARE APPNOTE 6.3, sections 4.3 and 4.5). Sizes in bytes. */
export type ZipEntry = {
  name: string;
  /** 0 stored, 8 deflated. */
  method: 0 | 8;
  crc32: number;
  packed: number;
  size: number;
  /** Where its local header begins. */
  at: number;
  /** Milliseconds since 1970. */
  modifiedAt: number;
  /** Whether its local header keeps room for sizes beyond 4 GB. */
  wide: boolean;
};

const FULL = 0xffffffff;
/** Names are UTF-8 (bit 11). */
const FLAGS = 0x0800;
const VERSION = 20;
const VERSION_64 = 45;
/** Made on Unix, so that the rights below count. */
const MADE_BY = (3 << 8) | VERSION_64;
const RIGHTS = (0o100644 << 16) >>> 0;

/** The header in front of an entry's bytes; its size depends on `name` and `wide` alone. */
export function localHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name);
  const wide = entry.wide ? wideField([entry.size, entry.packed]) : Buffer.alloc(0);
  const extra = Buffer.concat([wide, timeField(entry.modifiedAt)]);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(entry.wide ? VERSION_64 : VERSION, 4);
  writeCommon(head, 6, entry);
  head.writeUInt32LE(entry.wide ? FULL : entry.packed, 18);
  head.writeUInt32LE(entry.wide ? FULL : entry.size, 22);
  head.writeUInt16LE(name.length, 26);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra]);
}

/** The entry's line in the directory at the end. */
export function directoryHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name);
  const far = entry.at >= FULL;
  const values = [...(entry.wide ? [entry.size, entry.packed] : []), ...(far ? [entry.at] : [])];
  const wide = values.length > 0 ? wideField(values) : Buffer.alloc(0);
  const extra = Buffer.concat([wide, timeField(entry.modifiedAt)]);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(MADE_BY, 4);
  head.writeUInt16LE(values.length > 0 ? VERSION_64 : VERSION, 6);
  writeCommon(head, 8, entry);
  head.writeUInt32LE(entry.wide ? FULL : entry.packed, 20);
  head.writeUInt32LE(entry.wide ? FULL : entry.size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt16LE(extra.length, 30);
  head.writeUInt32LE(RIGHTS, 38);
  head.writeUInt32LE(far ? FULL : entry.at, 42);
  return Buffer.concat([head, name, extra]);
}

/** What closes the file: the directory's place, in 64 bits as well where 32 do not hold it. */
export function endRecords(directory: { entries: number; at: number; bytes: number }): Buffer {
  const { entries, at, bytes } = directory;
  const wide = entries >= 0xffff || at >= FULL || bytes >= FULL;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(wide ? 0xffff : entries, 8);
  end.writeUInt16LE(wide ? 0xffff : entries, 10);
  end.writeUInt32LE(wide ? FULL : bytes, 12);
  end.writeUInt32LE(wide ? FULL : at, 16);
  if (!wide) return end;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(MADE_BY, 12);
  record.writeUInt16LE(VERSION_64, 14);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end]);
}

/** Flags, method, time, date and checksum, which stand in this order in both headers. */
function writeCommon(head: Buffer, offset: number, entry: ZipEntry): void {
  const { time, date } = dosTime(entry.modifiedAt);
  head.writeUInt16LE(FLAGS, offset);
  head.writeUInt16LE(entry.method, offset + 2);
  head.writeUInt16LE(time, offset + 4);
  head.writeUInt16LE(date, offset + 6);
  head.writeUInt32LE(entry.crc32, offset + 8);
}

/** Extra field 1: what does not fit into 32 bits. */
function wideField(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(0x0001, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) {
    field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  }
  return field;
}

/** Extra field "UT": the second in UTC, since the header's own time knows no zone. */
function timeField(milliseconds: number): Buffer {
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(5, 2);
  field.writeUInt8(1, 4);
  field.writeInt32LE(
    Math.max(-0x80000000, Math.min(0x7fffffff, Math.floor(milliseconds / 1000))),
    5,
  );
  return field;
}

/** Two-second steps from 1980 to 2107. */
function dosTime(milliseconds: number): { time: number; date: number } {
  const at = new Date(milliseconds);
  const year = at.getUTCFullYear();
  if (!(year >= 1980)) return { time: 0, date: (1 << 5) | 1 };
  if (year > 2107) return { time: 0, date: (127 << 9) | (12 << 5) | 31 };
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  };
}
