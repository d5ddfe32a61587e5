/** A RIFF chunk of a WebP file (RFC 9649 §2.3), padded to an even length. */
export function webpChunk(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** Writes the length of the whole file into its RIFF header, in place, and gives it back. */
export function setRiffSize(file: Buffer): Buffer {
  file.writeUInt32LE(file.length - 8, 4);
  return file;
}
