/**
 * The smallest EXIF block that says how a picture lies: one IFD with tag 0x0112 (Exif 2.32), without
 * the `Exif\0\0` prefix that JPEG puts before it.
 */
export function orientationExif(orientation: number): Buffer {
  const block = Buffer.from(
    'MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0',
    'latin1',
  );
  block.writeUInt16BE(orientation, 18);
  return block;
}
