import sharp from 'sharp';

const SIDE = 96;

/** A small photo of its own for each number, with camera data, as JPEG. */
export async function drawGolden(number: number): Promise<Buffer> {
  const hue = (number * 47) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">
    <rect width="100%" height="100%" fill="hsl(${hue} 45% 55%)"/>
    <circle cx="${20 + number * 7}" cy="34" r="14" fill="hsl(${hue + 60} 70% 80%)"/>
    <path d="M0 96 L0 ${60 + number} L48 50 L96 ${72 - number} L96 96 Z" fill="hsl(${hue} 40% 25%)"/>
  </svg>`;
  const exif = { IFD0: { Make: 'Golden', Model: `No. ${number}` } };
  return await sharp(Buffer.from(svg)).withExif(exif).jpeg({ quality: 80 }).toBuffer();
}
