import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** A file of an archive that is made for a test; what is left out is as an honest program writes it. */
export type Made = {
  name: string;
  data: Buffer | string;
  /** Written into both headers instead of the real size. */
  claimed?: number;
  /** Not compressed. */
  stored?: boolean;
  /** Unix mode and type, like 0o120777 for a link. */
  mode?: number;
  crc?: number;
};

/** A ZIP with these files, in this order; `tail` may change the record at its end. */
export function makeZip(files: readonly Made[], tail: { entries?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const data = Buffer.from(file.data);
    const name = Buffer.from(file.name);
    const packed = file.stored ? data : deflateRawSync(data);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(0x800, 6);
    head.writeUInt16LE(file.stored ? 0 : 8, 8);
    head.writeUInt32LE(file.crc ?? crc32(data), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(file.claimed ?? data.length, 22);
    head.writeUInt16LE(name.length, 26);
    parts.push(head, name, packed);
    central.push(centralOf(head, name, file.mode ?? 0o100644, offset));
    offset += head.length + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([
    ...parts,
    directory,
    endOf(tail.entries ?? files.length, directory.length, offset),
  ]);
}

function centralOf(local: Buffer, name: Buffer, mode: number, offset: number): Buffer {
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(0x0314, 4);
  local.copy(record, 6, 4, 30);
  record.writeUInt32LE((mode << 16) >>> 0, 38);
  record.writeUInt32LE(offset, 42);
  return Buffer.concat([record, name]);
}

function endOf(entries: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries & 0xffff, 8);
  end.writeUInt16LE(entries & 0xffff, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** A ZIP in which `count` names stand for one and the same bytes, as the best of bombs do it. */
export function makeOverlappingZip(count: number, data: Buffer): Buffer {
  const packed = deflateRawSync(data);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(crc32(data), 14);
  head.writeUInt32LE(packed.length, 18);
  head.writeUInt32LE(data.length, 22);
  head.writeUInt16LE(8, 26);
  const name = (n: number) => Buffer.from(String(n).padStart(8, '0'));
  const body = Buffer.concat([head, name(0), packed]);
  const central = Array.from({ length: count }, (_, n) => centralOf(head, name(n), 0o100644, 0));
  const directory = Buffer.concat(central);
  return Buffer.concat([body, directory, endOf(count, directory.length, body.length)]);
}

/** A tar (ustar) with these files; `type` is the letter of each, '0' for a file. */
export function makeTar(
  files: readonly { name: string; data?: Buffer | string; type?: string; size?: number }[],
): Buffer {
  const parts = files.flatMap(({ name, data = '', type = '0', size }) => {
    const bytes = Buffer.from(data);
    const head = Buffer.alloc(512);
    head.write(name, 0, 100, 'utf8');
    head.write('0000644\0', 100, 'latin1');
    head.write((size ?? bytes.length).toString(8).padStart(11, '0'), 124, 'latin1');
    head.write('00000000000', 136, 'latin1');
    head.write(type, 156, 'latin1');
    head.write('ustar\x0000', 257, 'latin1');
    head.fill(' ', 148, 156);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** The same, gzipped. */
export function makeTarGz(files: Parameters<typeof makeTar>[0]): Buffer {
  return gzipSync(makeTar(files));
}
