/**
 * Looks at the bytes of a picture for anything that must not reach a stranger: EXIF beyond the
 * orientation, XMP, Photoshop blocks, maker notes, a second JPEG inside, data after the end, and the
 * given secrets as they lie. Reads the container itself, so that it trusts no library. Gives what it found.
 */
export function findLeaks(file: Buffer, secrets: string[] = []): string[] {
  const text = file.toString('latin1');
  const words = [
    ...['http://ns.adobe.com/', '<x:xmpmeta', 'W5M0MpCehiHzreSzNTczkc9d', 'Photoshop 3.0', '8BIM'],
    ...['MakerNote', 'MPF\0', 'JFXX', 'tEXt', 'zTXt', 'iTXt', 'tIME', 'XMP DataXMP', ...secrets],
  ];
  return [
    ...words.filter((word) => text.includes(word)).map((word) => `contains ${word}`),
    ...exifBlocks(file, text).flatMap(strayTags),
    ...(text.split('\xff\xd8\xff').length > 2 ? ['a picture inside'] : []),
    ...trailing(file, text),
  ];
}

function exifBlocks(file: Buffer, text: string): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = text.indexOf('Exif\0\0'); at >= 0; at = text.indexOf('Exif\0\0', at + 1)) {
    blocks.push(file.subarray(at + 6));
  }
  if (text.startsWith('\x89PNG')) {
    const at = text.indexOf('eXIf');
    if (at >= 0) blocks.push(file.subarray(at + 4));
  }
  if (text.startsWith('RIFF')) {
    const at = text.indexOf('EXIF');
    const prefixed = text.startsWith('Exif\0\0', at + 8);
    if (at >= 0 && !prefixed) blocks.push(file.subarray(at + 8));
  }
  return blocks;
}

function strayTags(tiff: Buffer): string[] {
  const order = tiff.toString('latin1', 0, 4);
  const big = order === 'MM\0*';
  if (!big && order !== 'II*\0') return ['an EXIF block that cannot be read'];
  const short = (at: number) => (big ? tiff.readUInt16BE(at) : tiff.readUInt16LE(at));
  const long = (at: number) => (big ? tiff.readUInt32BE(at) : tiff.readUInt32LE(at));
  const start = long(4);
  const count = short(start);
  const found: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const tag = short(start + 2 + index * 12);
    if (tag !== 0x0112) found.push(`EXIF tag 0x${tag.toString(16)}`);
  }
  if (long(start + 2 + count * 12) !== 0) found.push('an EXIF thumbnail directory');
  return found;
}

function trailing(file: Buffer, text: string): string[] {
  const found = ['data after the end'];
  if (text.startsWith('\xff\xd8')) return text.endsWith('\xff\xd9') ? [] : found;
  if (text.startsWith('\x89PNG')) return text.endsWith('IEND\xae\x42\x60\x82') ? [] : found;
  if (text.startsWith('RIFF')) return file.readUInt32LE(4) + 8 === file.length ? [] : found;
  if (text.startsWith('GIF')) return text.endsWith('\0;') ? [] : found;
  return ['not a picture that may be sent'];
}
