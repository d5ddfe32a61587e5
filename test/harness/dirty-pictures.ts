import { crc32 } from 'node:zlib';
import { sharp } from './pictures.ts';

/** Words that are put into every dirty picture and must be found in no file made from it. */
export const secrets = [
  'SN-48151623',
  'LENS-42',
  'Jane Owner',
  'SECRET-MAKER-NOTE',
  'SECRET-HISTORY',
  'SECRET-TAIL',
  'SECRET-COMMENT',
];

const exif = {
  IFD0: {
    Make: 'Tintype Works',
    Model: 'Box  One',
    Software: 'SECRET-HISTORY',
    Artist: 'Jane Owner',
  },
  IFD2: {
    LensModel: 'Plano 35mm f/2',
    FNumber: '28/10',
    ExposureTime: '1/250',
    ISOSpeedRatings: '200',
    FocalLength: '35/1',
    FocalLengthIn35mmFilm: '52',
    DateTimeOriginal: '2024:05:06 07:08:09',
    OffsetTimeOriginal: '+02:00',
    BodySerialNumber: 'SN-48151623',
    LensSerialNumber: 'LENS-42',
    CameraOwnerName: 'Jane Owner',
    MakerNote: 'SECRET-MAKER-NOTE',
    UserComment: 'SECRET-COMMENT',
  },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '52/1 31/1 1234/100',
    GPSLongitudeRef: 'E',
    GPSLongitude: '13/1 24/1 4321/100',
  },
};

const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="SECRET-HISTORY"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

type Pipeline = ReturnType<typeof sharp>;

/** Adds EXIF with position, serial numbers and names, and XMP, to what the pipeline makes. */
export function withSecrets(pipeline: Pipeline, orientation = 1): Pipeline {
  return pipeline.withExif(exif).withMetadata({ orientation }).withXmp(xmp);
}

/** A JPEG with everything that cameras, phones and editors put in: see the names of the parts. */
export async function dirtyJpeg(pipeline: Pipeline, orientation = 1): Promise<Buffer> {
  const file = await withSecrets(pipeline, orientation).jpeg({ quality: 90 }).toBuffer();
  const thumbnail = await pipeline.clone().resize(16, 16).jpeg().toBuffer();
  const jfxx = segment(0xe0, Buffer.concat([Buffer.from('JFXX\0\x10'), thumbnail]));
  const photoshop = segment(0xed, Buffer.from('Photoshop 3.0\x008BIM SECRET-HISTORY', 'latin1'));
  const multiPicture = segment(0xe2, Buffer.from('MPF\0SECRET-HISTORY', 'latin1'));
  const comment = segment(0xfe, Buffer.from('SECRET-COMMENT'));
  const extra = [jfxx, photoshop, multiPicture, comment];
  const tail = Buffer.from('<html><script>SECRET-TAIL</script>PK\x03\x04');
  return Buffer.concat([file.subarray(0, 2), ...extra, file.subarray(2), thumbnail, tail]);
}

/** A PNG with text, time, EXIF and a tail. */
export async function dirtyPng(pipeline: Pipeline, orientation = 1): Promise<Buffer> {
  const file = await withSecrets(pipeline, orientation).png().toBuffer();
  const chunks = [
    pngChunk('tEXt', 'Comment\0SECRET-COMMENT'),
    pngChunk('tIME', '\x07\xe8\x05\x06\x07\x08\x09'),
  ];
  const privates = pngChunk('prVt', 'SECRET-HISTORY');
  return Buffer.concat([
    file.subarray(0, 33),
    ...chunks,
    privates,
    file.subarray(33),
    Buffer.from('SECRET-TAIL'),
  ]);
}

/** A WebP with EXIF, XMP, an unknown chunk and a tail. */
export async function dirtyWebp(pipeline: Pipeline, orientation = 1): Promise<Buffer> {
  const file = await withSecrets(pipeline, orientation).webp().toBuffer();
  const unknown = Buffer.concat([
    Buffer.from('SECR\x0e\0\0\0', 'latin1'),
    Buffer.from('SECRET-HISTORY'),
  ]);
  const whole = Buffer.concat([file, unknown]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return Buffer.concat([whole, Buffer.from('SECRET-TAIL')]);
}

/** A GIF with a comment, an application block and a tail. */
export async function dirtyGif(pipeline: Pipeline): Promise<Buffer> {
  const file = await pipeline.gif({ loop: 3 }).toBuffer();
  const colors = (file.readUInt8(10) & 0x80) === 0 ? 0 : 3 * 2 ** ((file.readUInt8(10) & 7) + 1);
  const at = 13 + colors;
  const comment = Buffer.from('\x21\xfe\x0eSECRET-COMMENT\0', 'latin1');
  const application = Buffer.from('\x21\xff\x0bXMP DataXMP\x0eSECRET-HISTORY\0', 'latin1');
  const text = Buffer.from('\x21\x01\x0cxxxxxxxxxxxx\x0eSECRET-COMMENT\0', 'latin1');
  const head = Buffer.concat([file.subarray(0, at), comment, application, text]);
  return Buffer.concat([head, file.subarray(at), Buffer.from('SECRET-TAIL')]);
}

/** Moving colours: frames of one size, one below the other. */
export function animation(width: number, height: number, frames: number): Pipeline {
  const strip = Buffer.alloc(width * height * frames * 4, 255);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = ((frame * height + y) * width + x) * 4;
        // The upper left quarter is red, so that turns can be told; the rest changes with the frame.
        const corner = x < width / 2 && y < height / 2;
        strip[at] = corner ? 255 : 0;
        strip[at + 1] = 0;
        strip[at + 2] = corner ? 0 : 100 + ((frame * 40) % 150);
      }
    }
  }
  return sharp(strip, {
    raw: { width, height: height * frames, channels: 4, pageHeight: height },
  });
}

/** A JPEG segment with its length. */
export function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** A PNG chunk with its length and checksum. */
export function pngChunk(type: string, body: string | Buffer): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const chunk = Buffer.alloc(bytes.length + 12);
  chunk.writeUInt32BE(bytes.length, 0);
  chunk.write(type, 4, 'latin1');
  bytes.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, bytes.length + 8)), bytes.length + 8);
  return chunk;
}
