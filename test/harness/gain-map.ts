import { segment } from './dirty-pictures.ts';
import { sharp } from './pictures.ts';

/**
 * A JPEG as HDR phones write it: a second JPEG behind the first (the gain map), found through an MPF
 * index and through XMP. Decoders that know Ultra HDR treat it as a format of its own.
 */
export async function gainMapJpeg(): Promise<Buffer> {
  const plain = (size: number, background: string) =>
    sharp({ create: { width: size, height: size, channels: 3, background } })
      .jpeg()
      .toBuffer();
  const base = await plain(256, '#808080');
  const map = withXmp(
    await plain(64, '#444'),
    'hdrgm:GainMapMin="0" hdrgm:GainMapMax="2" hdrgm:HDRCapacityMax="2" hdrgm:Gamma="1"',
    '',
  );
  const items = ['Item:Semantic="Primary"', `Item:Semantic="GainMap" Item:Length="${map.length}"`]
    .map(
      (item) =>
        `<rdf:li rdf:parseType="Resource"><C:Item Item:Mime="image/jpeg" ${item}/></rdf:li>`,
    )
    .join('');
  const directory = `<C:Directory><rdf:Seq>${items}</rdf:Seq></C:Directory>`;
  const described = withXmp(base, '', directory);
  const indexAt = described.length - base.length + 2;
  const size = described.length + multiPicture(0, 0, 0).length;
  const index = multiPicture(size, map.length, size - (indexAt + 8));
  return Buffer.concat([described.subarray(0, indexAt), index, described.subarray(indexAt), map]);
}

function withXmp(jpeg: Buffer, attributes: string, body: string): Buffer {
  const spaces = [
    'xmlns:C="http://ns.google.com/photos/1.0/container/"',
    'xmlns:Item="http://ns.google.com/photos/1.0/container/item/"',
    'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"',
  ].join(' ');
  const rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
  const description = `<rdf:Description rdf:about="" ${spaces} ${attributes}>${body}</rdf:Description>`;
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${rdf}>${description}</rdf:RDF></x:xmpmeta>`;
  const packet = segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp}`, 'latin1'));
  return Buffer.concat([jpeg.subarray(0, 2), packet, jpeg.subarray(2)]);
}

/** CIPA DC-007: an index of two pictures. */
function multiPicture(size: number, mapSize: number, mapOffset: number): Buffer {
  const words = (...values: number[]) => {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, at * 4);
    return bytes;
  };
  return segment(
    0xe2,
    Buffer.concat([
      Buffer.from('MPF\0MM\0*\0\0\0\x08\0\x03\xb0\0\0\x07\0\0\0\x040100', 'latin1'),
      Buffer.from('\xb0\x01\0\x04\0\0\0\x01\0\0\0\x02\xb0\x02\0\x07', 'latin1'),
      words(32, 50, 0),
      words(0x20030000, size, 0, 0),
      words(0, mapSize, mapOffset, 0),
    ]),
  );
}
