import { readFileSync } from 'node:fs';
import sharp from 'sharp';

/** A file as a person picks it, and as Playwright's `setInputFiles` takes it. */
export type PhotoFile = { name: string; mimeType: string; buffer: Buffer };

type Rgb = readonly [number, number, number];
type Pipeline = ReturnType<typeof sharp>;

/** Words and a position that every dirty photo carries and that nobody but its author may get. */
export const secretWords = ['SN-48151623', 'Jane Owner', 'SECRET-HISTORY'];

const dirt = {
  IFD0: { Make: 'Tintype Works', Model: 'Box One', Artist: 'Jane Owner' },
  IFD2: { LensModel: 'Plano 35mm f/2', FNumber: '28/10', BodySerialNumber: 'SN-48151623' },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '52/1 31/1 1234/100',
    GPSLongitudeRef: 'E',
    GPSLongitude: '13/1 24/1 4321/100',
  },
};
const history = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,31.2N" exif:CreatorTool="SECRET-HISTORY"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

const dirty = (pipeline: Pipeline, orientation = 1): Pipeline =>
  pipeline.withExif(dirt).withMetadata({ orientation }).withXmp(history);

const corners: readonly Rgb[] = [
  [230, 40, 40],
  [40, 200, 60],
  [40, 60, 220],
  [230, 210, 40],
];

/** Where a pixel of the file lies in the upright picture of `width` × `height` (EXIF 2.32, tag 0x0112). */
const upright: Readonly<
  Record<number, (x: number, y: number, width: number, height: number) => [number, number]>
> = {
  1: (x, y) => [x, y],
  2: (x, y, width) => [width - 1 - x, y],
  3: (x, y, width, height) => [width - 1 - x, height - 1 - y],
  4: (x, y, _width, height) => [x, height - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, width) => [width - 1 - y, x],
  7: (x, y, width, height) => [width - 1 - y, height - 1 - x],
  8: (x, y, _width, height) => [y, height - 1 - x],
};

/** Red, green, blue, yellow from the upper left, clockwise, once it is turned as its EXIF says. */
function quarters(orientation: number, width = 320, height = 240): Pipeline {
  const turned = orientation > 4;
  const [fileWidth, fileHeight] = turned ? [height, width] : [width, height];
  const pixels = Buffer.alloc(fileWidth * fileHeight * 3);
  const place = upright[orientation];
  if (!place) throw new Error(`There is no orientation ${orientation}.`);
  for (let y = 0; y < fileHeight; y += 1) {
    for (let x = 0; x < fileWidth; x += 1) {
      const [seenX, seenY] = place(x, y, width, height);
      const right = seenX >= width / 2;
      const below = seenY >= height / 2;
      const color = corners[below ? (right ? 2 : 3) : right ? 1 : 0] ?? [0, 0, 0];
      pixels.set(color, (y * fileWidth + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width: fileWidth, height: fileHeight, channels: 3 } });
}

/** A JPEG with a position, serial number and history in one of the eight orientations. */
export async function orientedJpeg(orientation: number): Promise<PhotoFile> {
  const buffer = await dirty(quarters(orientation), orientation).jpeg({ quality: 90 }).toBuffer();
  return { name: `IMG_000${orientation}.JPG`, mimeType: 'image/jpeg', buffer };
}

/** A WebP that lies on its side, with the same dirt. */
export async function orientedWebp(orientation: number): Promise<PhotoFile> {
  const buffer = await dirty(quarters(orientation), orientation).webp({ quality: 90 }).toBuffer();
  return { name: 'PXL_0008.webp', mimeType: 'image/webp', buffer };
}

/** The colour of the wide-gamut photo, as sRGB sees it. */
export const warm: Rgb = [200, 80, 50];

/** One colour written in Display P3: read as sRGB its numbers would look duller. */
export async function wideGamutPng(): Promise<PhotoFile> {
  const [r, g, b] = warm;
  const plain = sharp({
    create: { width: 200, height: 200, channels: 3, background: { r, g, b } },
  });
  const buffer = await dirty(plain).withIccProfile('p3').png().toBuffer();
  return { name: 'Screenshot.png', mimeType: 'image/png', buffer };
}

/** An AVIF with a position. */
export async function positionedAvif(): Promise<PhotoFile> {
  const picture = quarters(1, 160, 240);
  const buffer = await dirty(picture).avif({ quality: 60, effort: 2 }).toBuffer();
  return { name: 'photo.avif', mimeType: 'image/avif', buffer };
}

/** Five frames of moving colour. */
export async function movingGif(): Promise<PhotoFile> {
  const [width, height, frames] = [120, 120, 5];
  const strip = Buffer.alloc(width * height * frames * 3);
  for (let at = 0; at < width * height * frames; at += 1) {
    const frame = Math.floor(at / (width * height));
    strip.set([frame * 50, 120, 200 - frame * 40], at * 3);
  }
  const raw = { width, height: height * frames, channels: 3 as const, pageHeight: height };
  const buffer = await sharp(strip, { raw })
    .gif({ loop: 0, delay: [80, 80, 80, 80, 80] })
    .toBuffer();
  return { name: 'wave.gif', mimeType: 'image/gif', buffer };
}

/** A HEIC as an iPhone writes it; the source lies two levels above both the tests and their bundle. */
export function phoneHeic(): PhotoFile {
  const buffer = readFileSync(new URL('../../test/fixtures/photo-gps.heic', import.meta.url));
  // Chromium gives such files no type.
  return { name: 'IMG_1234.HEIC', mimeType: '', buffer };
}

/** Twelve files straight from a phone: every orientation, every format, nearly all with a position. */
export async function twelvePhotos(): Promise<PhotoFile[]> {
  const turns = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(orientedJpeg));
  return [
    ...turns,
    await orientedWebp(8),
    phoneHeic(),
    await wideGamutPng(),
    await positionedAvif(),
    await movingGif(),
  ];
}

/** A small drawn landscape in its own colours, for pages that only need photos. */
export async function plainPhoto(n: number, width = 480, height = 360): Promise<PhotoFile> {
  const hue = (n * 67) % 360;
  const hill = (y: number, light: number) =>
    `<path d="M0 ${y}q${width / 4}-80 ${width / 2} 0t${width / 2} 0V${height}H0z" fill="hsl(${hue + 20},40%,${light}%)"/>`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="s" y2="1" x2="0"><stop stop-color="hsl(${hue},50%,40%)"/><stop offset="1" stop-color="hsl(${hue + 40},70%,75%)"/></linearGradient></defs><rect width="${width}" height="${height}" fill="url(#s)"/><circle cx="${width * 0.7}" cy="${height * 0.3}" r="${height * 0.1}" fill="#fff8e0"/>${hill(height * 0.6, 35)}${hill(height * 0.75, 24)}${hill(height * 0.9, 14)}</svg>`;
  const buffer = await dirty(sharp(Buffer.from(drawing)))
    .jpeg({ quality: 85 })
    .toBuffer();
  return { name: `DSC_00${n}.jpg`, mimeType: 'image/jpeg', buffer };
}

/** A note that calls itself a photo. */
export function notPhoto(): PhotoFile {
  const buffer = Buffer.from('Dear diary, this is no photo at all.\n'.repeat(20));
  return { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer };
}
