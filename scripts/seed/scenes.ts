import sharp from 'sharp';

export type Scene = { name: string; alt: string; width: number; height: number; svg: string };
type Random = () => number;

/** A small generator of numbers from 0 to 1: the same seed draws the same picture. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A ridge across the picture as an SVG path: midpoints moved up and down, finer and finer. */
function ridge(
  random: Random,
  width: number,
  height: number,
  level: number,
  rough: number,
): string {
  let points = [level + (random() - 0.5) * rough, level + (random() - 0.5) * rough];
  for (let depth = 0, swing = rough; depth < 7; depth += 1, swing *= 0.52) {
    const finer: number[] = [];
    for (let index = 0; index < points.length - 1; index += 1) {
      const left = points[index] ?? 0;
      finer.push(left, (left + (points[index + 1] ?? 0)) / 2 + (random() - 0.5) * swing);
    }
    finer.push(points.at(-1) ?? 0);
    points = finer;
  }
  const step = width / (points.length - 1);
  const line = points.map((y, index) => `L${(index * step).toFixed(1)} ${(y * height).toFixed(1)}`);
  return `M0 ${height} ${line.join(' ')} L${width} ${height} Z`;
}

function hsl(hue: number, saturation: number, lightness: number): string {
  return `hsl(${Math.round(hue)} ${Math.round(saturation)}% ${Math.round(lightness)}%)`;
}

function sky(top: string, middle: string, bottom: string): string {
  return `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset=".6" stop-color="${middle}"/><stop offset="1" stop-color="${bottom}"/></linearGradient><radialGradient id="glow"><stop offset="0" stop-color="#fff" stop-opacity=".95"/><stop offset=".25" stop-color="#ffe9c0" stop-opacity=".55"/><stop offset="1" stop-color="#ffd9a0" stop-opacity="0"/></radialGradient><filter id="soft"><feGaussianBlur stdDeviation="18"/></filter></defs><rect width="100%" height="100%" fill="url(#sky)"/>`;
}

function mountains(random: Random, width: number, height: number): string {
  const hue = 190 + random() * 60;
  const warm = random() * 40 + 10;
  const sun = { x: width * (0.2 + random() * 0.6), y: height * (0.25 + random() * 0.2) };
  const layers = [0, 1, 2, 3, 4].map((layer) => {
    const level = 0.45 + layer * 0.12;
    const fill = hsl(hue + layer * 6, 22 + layer * 7, 68 - layer * 13);
    return `<path d="${ridge(random, width, height, level, 0.26 - layer * 0.03)}" fill="${fill}"/>`;
  });
  return `${sky(hsl(hue, 45, 62), hsl(hue - 20, 40, 80), hsl(warm, 80, 84))}<circle cx="${sun.x}" cy="${sun.y}" r="${height * 0.45}" fill="url(#glow)"/>${layers.join('')}`;
}

function sea(random: Random, width: number, height: number): string {
  const warm = random() * 40;
  const horizon = 0.5 + random() * 0.15;
  const sunX = width * (0.3 + random() * 0.4);
  const waves = Array.from({ length: 240 }, () => {
    const depth = random() ** 1.6;
    const y = height * (horizon + depth * (1 - horizon));
    const near =
      Math.abs(random() - 0.5) < 0.3
        ? sunX + (random() - 0.5) * width * (0.06 + depth * 0.4)
        : random() * width;
    const length = width * (0.01 + depth * 0.12);
    return `<rect x="${near - length / 2}" y="${y}" width="${length}" height="${1 + depth * 7}" rx="3" fill="#fff" opacity="${(0.08 + random() * 0.3).toFixed(2)}"/>`;
  });
  return `${sky(hsl(230 + warm, 45, 38), hsl(warm + 5, 75, 62), hsl(38 + warm / 3, 95, 72))}<circle cx="${sunX}" cy="${height * (horizon - 0.06)}" r="${height * 0.4}" fill="url(#glow)"/><circle cx="${sunX}" cy="${height * (horizon - 0.06)}" r="${height * 0.055}" fill="#fff6dd"/><rect y="${height * horizon}" width="100%" height="${height}" fill="${hsl(215 + warm, 42, 30)}"/><g>${waves.join('')}</g>`;
}

function forest(random: Random, width: number, height: number): string {
  const hue = 110 + random() * 50;
  const rows = [0, 1, 2, 3].map((row) => {
    const fill = hsl(hue, 22 + row * 8, 62 - row * 15);
    const trees = Array.from({ length: 26 - row * 4 }, () => {
      const x = random() * width;
      const tall = height * (0.22 + row * 0.14) * (0.7 + random() * 0.6);
      const base = height * (0.72 + row * 0.12);
      const tiers = [0, 1, 2, 3].map((tier) => {
        const top = base - tall + (tall * tier) / 5;
        const half = tall * (0.08 + tier * 0.045);
        return `M${x} ${top} L${x - half} ${top + tall * 0.32} L${x + half} ${top + tall * 0.32} Z`;
      });
      return `<path d="${tiers.join(' ')}"/>`;
    });
    return `<g fill="${fill}">${trees.join('')}</g><rect y="${height * (0.62 + row * 0.1)}" width="100%" height="${height * 0.08}" fill="#f2f5ee" opacity=".22" filter="url(#soft)"/>`;
  });
  return `${sky(hsl(hue + 60, 25, 74), hsl(hue + 30, 25, 86), '#f4efe2')}${rows.join('')}`;
}

function town(random: Random, width: number, height: number): string {
  const houses = Array.from({ length: 3 }, (_, row) => {
    let x = -width * 0.05;
    let out = '';
    while (x < width) {
      const wide = width * (0.05 + random() * 0.07);
      const tall = height * (0.2 + random() * 0.3 - row * 0.04) * (1 - row * 0.12);
      const top = height * (0.78 + row * 0.12) - tall;
      out += `<rect x="${x}" y="${top}" width="${wide}" height="${height}" fill="${hsl(225 + random() * 20, 26, 30 - row * 9)}"/>`;
      for (let light = 0; light < 14; light += 1) {
        if (random() < 0.55) continue;
        out += `<rect x="${x + wide * (0.15 + (light % 3) * 0.28)}" y="${top + tall * (0.1 + Math.floor(light / 3) * 0.18)}" width="${wide * 0.13}" height="${tall * 0.07}" fill="${hsl(38 + random() * 12, 95, 66)}"/>`;
      }
      x += wide * 1.04;
    }
    return out;
  });
  const stars = Array.from(
    { length: 70 },
    () =>
      `<circle cx="${random() * width}" cy="${random() * height * 0.5}" r="${0.8 + random() * 2.4}" fill="#fff" opacity="${0.3 + random() * 0.7}"/>`,
  );
  return `${sky('#0d1230', '#30346e', '#b06a86')}${stars.join('')}<circle cx="${width * (0.2 + random() * 0.6)}" cy="${height * 0.2}" r="${height * 0.05}" fill="#f7f1dc"/>${houses.join('')}`;
}

function fruit(random: Random, width: number, height: number): string {
  const table = height * 0.62;
  const pieces = Array.from({ length: 7 }, (_, index) => {
    const radius = height * (0.09 + random() * 0.05);
    const x = width * (0.16 + index * 0.11) + (random() - 0.5) * width * 0.04;
    const y = table + height * 0.06 + (index % 2) * height * 0.09 - radius * 0.4;
    const hue = [8, 28, 45, 88, 350, 18, 60][index] ?? 20;
    return `<ellipse cx="${x + radius * 0.4}" cy="${y + radius * 0.95}" rx="${radius * 1.2}" ry="${radius * 0.25}" fill="#1c1410" opacity=".35" filter="url(#soft)"/><circle cx="${x}" cy="${y}" r="${radius}" fill="${hsl(hue, 72, 50)}"/><circle cx="${x - radius * 0.3}" cy="${y - radius * 0.35}" r="${radius * 0.55}" fill="#fff" opacity=".2" filter="url(#soft)"/>`;
  });
  return `${sky('#4b4037', '#7b6a58', '#93806a')}<rect y="${table}" width="100%" height="${height}" fill="#d9cdbb"/><rect y="${table}" width="100%" height="${height * 0.02}" fill="#fff" opacity=".35"/>${pieces.join('')}`;
}

const KINDS = [
  {
    name: 'mountains',
    alt: 'Blue mountain ridges one behind another in morning haze',
    draw: mountains,
  },
  { name: 'sea', alt: 'A low sun over the sea, its light broken by small waves', draw: sea },
  { name: 'forest', alt: 'Fir trees fading into mist', draw: forest },
  { name: 'town', alt: 'A town at night, many windows lit under the moon', draw: town },
  { name: 'fruit', alt: 'Fruit on a pale table against a brown wall', draw: fruit },
] as const;
const SIZES = [
  [2400, 1600],
  [1600, 2000],
  [2000, 2000],
  [2400, 1350],
] as const;

/** Draws scene number `index`; kind and shape follow from the number. */
export function drawScene(index: number): Scene {
  const random = createRandom(index * 7919 + 17);
  const kind = KINDS[index % KINDS.length] ?? KINDS[0];
  const [width, height] = SIZES[Math.floor(random() * SIZES.length)] ?? SIZES[0];
  const body = kind.draw(random, width, height);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;
  return { name: kind.name, alt: kind.alt, width, height, svg };
}

/** The scene as a JPEG with a little grain, camera data and a position, as a phone would write it. */
export async function photographScene(scene: Scene): Promise<Buffer> {
  const noise = await sharp({
    create: {
      width: 600,
      height: 400,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 14 },
    },
  })
    .resize(scene.width, scene.height, { fit: 'fill' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(Buffer.from(scene.svg))
    .flatten()
    .composite([{ input: noise, blend: 'soft-light' }])
    .withExif({
      IFD0: { Make: 'Tintype', Model: 'Demo One' },
      IFD2: {
        FNumber: '28/10',
        ExposureTime: '1/250',
        ISOSpeedRatings: '200',
        FocalLength: '35/1',
      },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '48/1 8/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '11/1 34/1 0/1',
      },
    })
    .jpeg({ quality: 90 })
    .toBuffer();
}
