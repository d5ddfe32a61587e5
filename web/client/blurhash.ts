const digits =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';
const width = 8;
const height = 6;
const known = new Map<string, string | null>();
const remembered = 2000;

function number83(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = digits.indexOf(text.charAt(at));
    if (digit < 0) return Number.NaN;
    value = value * 83 + digit;
  }
  return value;
}

const linear = (value: number) => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};

const encoded = (value: number) => {
  const part = Math.min(1, Math.max(0, value));
  const shade = part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055;
  return Math.round(shade * 255);
};

const signedSquare = (value: number) => Math.sign(value) * value * value;

type Waves = { across: number; down: number; colours: number[][] };

/** Reads the waves of a blurhash (https://github.com/woltapp/blurhash, Algorithm.md); null if it is none. */
function readWaves(hash: string): Waves | null {
  const size = number83(hash, 0, 1);
  const across = (size % 9) + 1;
  const down = Math.floor(size / 9) + 1;
  if (Number.isNaN(size) || hash.length !== 4 + 2 * across * down) return null;
  const peak = (number83(hash, 1, 2) + 1) / 166;
  const base = number83(hash, 2, 6);
  const colours = [[linear(base >> 16), linear((base >> 8) & 255), linear(base & 255)]];
  for (let wave = 1; wave < across * down; wave++) {
    const value = number83(hash, 4 + wave * 2, 6 + wave * 2);
    const parts = [Math.floor(value / 361), Math.floor(value / 19) % 19, value % 19];
    colours.push(parts.map((part) => signedSquare((part - 9) / 9) * peak));
  }
  return colours.flat().some(Number.isNaN) ? null : { across, down, colours };
}

function pixelAt({ across, down, colours }: Waves, x: number, y: number): number[] {
  const sum = [0, 0, 0];
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < across; i++) {
      const weight =
        Math.cos((Math.PI * (x + 0.5) * i) / width) * Math.cos((Math.PI * (y + 0.5) * j) / height);
      colours[j * across + i]?.forEach((part, channel) => {
        sum[channel] = (sum[channel] ?? 0) + part * weight;
      });
    }
  }
  return sum.map(encoded);
}

/** A 24-bit bitmap file of 8 × 6 pixels: the smallest picture that browsers draw without a script. */
function drawBitmap(waves: Waves): string {
  const head = new DataView(new ArrayBuffer(54));
  const rows = width * height * 3;
  head.setUint16(0, 0x424d);
  head.setUint32(2, 54 + rows, true);
  head.setUint32(10, 54, true);
  head.setUint32(14, 40, true);
  head.setInt32(18, width, true);
  head.setInt32(22, height, true);
  head.setUint16(26, 1, true);
  head.setUint16(28, 24, true);
  let text = String.fromCharCode(...new Uint8Array(head.buffer));
  for (let y = height - 1; y >= 0; y--) {
    for (let x = 0; x < width; x++) {
      const [red = 0, green = 0, blue = 0] = pixelAt(waves, x, y);
      text += String.fromCharCode(blue, green, red);
    }
  }
  return `data:image/bmp;base64,${btoa(text)}`;
}

/** A blurhash as a tiny picture in a `data:` address, or null if the text is no blurhash. */
export function blurhashPicture(hash: string | null): string | null {
  if (hash === null || hash.length < 6 || hash.length > 54) return null;
  const before = known.get(hash);
  if (before !== undefined) return before;
  const waves = readWaves(hash);
  const picture = waves === null ? null : drawBitmap(waves);
  if (known.size >= remembered) known.clear();
  known.set(hash, picture);
  return picture;
}
