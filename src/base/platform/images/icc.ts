/** What to do with the colours of a picture. */
export type ColorPlan = {
  /** A profile to attach to every file made, with the pixel values left as they are; null for sRGB. */
  attach: Buffer | null;
  /**
   * What happens to the pixel values: `keep` them (no profile, sRGB, or `attach` carries it on) or
   * `convert` them from the embedded profile to sRGB.
   */
  pixels: 'keep' | 'convert';
};

type Tag = { signature: string; data: Buffer };

/** Profiles up to this size (bytes, cleaned) travel with every rendition; larger ones are converted. */
const largestAttached = 4096;
const largestProfile = 4 * 1024 * 1024;

const keptTags = new Set([
  ...['wtpt', 'bkpt', 'chad', 'chrm', 'lumi', 'cicp', 'rXYZ', 'gXYZ', 'bXYZ'],
  ...['rTRC', 'gTRC', 'bTRC', 'kTRC', 'A2B0', 'A2B1', 'A2B2', 'B2A0', 'B2A1', 'B2A2', 'gamt'],
]);

const knownNames = ['sRGB', 'Display P3', 'Adobe RGB (1998)', 'ProPhoto RGB', 'Rec. 2020'];

// Primaries of sRGB adapted to D50, as X, Y, Z of red, green and blue (IEC 61966-2-1, ICC v2 and v4).
const srgbPrimaries = [0.4361, 0.2225, 0.0139, 0.3851, 0.7169, 0.0971, 0.1431, 0.0606, 0.7141];

/**
 * Decides how a picture with this profile keeps its look. sRGB needs no profile. A wide RGB space that
 * is described by three primaries (Display P3, Adobe RGB) goes along, cleaned: converting it would cut
 * the very colours that it is there for. Everything else (CMYK, grey, tables) is converted to sRGB.
 */
export function planColor(profile: Buffer | undefined): ColorPlan {
  if (profile === undefined) return { attach: null, pixels: 'keep' };
  const tags = readTags(profile);
  const isMatrix =
    tags !== null &&
    profile.toString('latin1', 16, 20) === 'RGB ' &&
    ['rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'].every((name) => find(tags, name)) &&
    find(tags, 'A2B0') === undefined;
  if (!isMatrix) return { attach: null, pixels: 'convert' };
  if (isSrgb(tags)) return { attach: null, pixels: 'keep' };
  const cleaned = cleanIcc(profile);
  if (cleaned === null || cleaned.length > largestAttached) {
    return { attach: null, pixels: 'convert' };
  }
  return { attach: cleaned, pixels: 'keep' };
}

/**
 * The same colours in a profile (ICC.1:2022) without anything that names a device or a person: display
 * profiles carry the monitor's serial number and owner's words. Null when the profile is broken.
 */
export function cleanIcc(profile: Buffer): Buffer | null {
  const tags = readTags(profile);
  if (tags === null) return null;
  const name = describe(tags);
  const modern = profile.readUInt8(8) >= 4;
  const text = (words: string) => (modern ? unicodeText(words) : plainText(words));
  return writeProfile(profile, [
    { signature: 'desc', data: modern ? unicodeText(name) : descriptionText(name) },
    { signature: 'cprt', data: text('No copyright') },
    ...tags.filter((tag) => keptTags.has(tag.signature)),
  ]);
}

function readTags(profile: Buffer): Tag[] | null {
  if (profile.length < 132 || profile.length > largestProfile) return null;
  if (profile.toString('latin1', 36, 40) !== 'acsp') return null;
  const count = profile.readUInt32BE(128);
  if (count > 100 || 132 + count * 12 > profile.length) return null;
  const tags: Tag[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = 132 + index * 12;
    const offset = profile.readUInt32BE(at + 4);
    const length = profile.readUInt32BE(at + 8);
    if (length < 8 || offset + length > profile.length) return null;
    const data = profile.subarray(offset, offset + length);
    tags.push({ signature: profile.toString('latin1', at, at + 4), data });
  }
  return tags;
}

function find(tags: Tag[], signature: string): Buffer | undefined {
  return tags.find((tag) => tag.signature === signature)?.data;
}

function describe(tags: Tag[]): string {
  const words = find(tags, 'desc')?.toString('latin1').replaceAll('\0', '') ?? '';
  return knownNames.find((name) => words.includes(name)) ?? 'Picture colours';
}

function writeProfile(original: Buffer, tags: Tag[]): Buffer {
  const parts: Buffer[] = [];
  const places = new Map<Buffer, number>();
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  let offset = 128 + table.length;
  for (const [index, { signature, data }] of tags.entries()) {
    const same = [...places.keys()].find((known) => known.equals(data));
    const place = same === undefined ? offset : (places.get(same) ?? offset);
    if (same === undefined) {
      places.set(data, offset);
      parts.push(data, Buffer.alloc((4 - (data.length % 4)) % 4));
      offset += Math.ceil(data.length / 4) * 4;
    }
    table.write(signature, 4 + index * 12, 'latin1');
    table.writeUInt32BE(place, 8 + index * 12);
    table.writeUInt32BE(data.length, 12 + index * 12);
  }
  const header = Buffer.from(original.subarray(0, 128));
  header.writeUInt32BE(offset, 0);
  header.fill(0, 4, 8); // preferred CMM
  header.fill(0, 48, 64); // manufacturer, model, attributes
  header.fill(0, 80, 128); // creator, profile id, reserved
  return Buffer.concat([header, table, ...parts]);
}

function plainText(words: string): Buffer {
  return Buffer.from(`text\0\0\0\0${words}\0`, 'latin1');
}

function descriptionText(words: string): Buffer {
  const head = Buffer.from('desc\0\0\0\0\0\0\0\0', 'latin1');
  head.writeUInt32BE(words.length + 1, 8);
  // Empty Unicode and ScriptCode names follow (ICC.1:2001-04 §6.5.17): 4 + 4 + 2 + 1 + 67 bytes.
  return Buffer.concat([head, Buffer.from(`${words}\0`, 'latin1'), Buffer.alloc(78)]);
}

function unicodeText(words: string): Buffer {
  const head = Buffer.from('mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0\0\0\0\0\x1c', 'latin1');
  const text = Buffer.from(words, 'utf16le').swap16();
  head.writeUInt32BE(text.length, 20);
  return Buffer.concat([head, text]);
}

function isSrgb(tags: Tag[]): boolean {
  const primaries = ['rXYZ', 'gXYZ', 'bXYZ'].flatMap((name) => {
    const data = find(tags, name);
    if (data === undefined || data.length < 20) return [];
    return [8, 12, 16].map((at) => data.readInt32BE(at) / 65_536);
  });
  const near = primaries.length === 9 && primaries.every(isNearSrgb);
  const curve = find(tags, 'gTRC');
  if (!near || curve === undefined) return false;
  // Two points tell the sRGB curve from a plain power of 2.2.
  return (
    Math.abs(readCurve(curve, 0.5) - 0.214) < 0.004 &&
    Math.abs(readCurve(curve, 0.05) - 0.0039) < 0.001
  );
}

function isNearSrgb(value: number, index: number): boolean {
  return Math.abs(value - (srgbPrimaries[index] ?? 0)) < 0.003;
}

/** Evaluates a `curv` or `para` tag (ICC.1:2022 §10.6, §10.18) at `x`; NaN when it is broken. */
function readCurve(data: Buffer, x: number): number {
  const type = data.toString('latin1', 0, 4);
  if (type === 'para' && data.length >= 32 && data.readUInt16BE(8) >= 3) {
    const [g = 1, a = 1, b = 0, c = 0, d = 0] = [12, 16, 20, 24, 28].map(
      (at) => data.readInt32BE(at) / 65_536,
    );
    return x >= d ? (a * x + b) ** g : c * x;
  }
  if (type !== 'curv' || data.length < 12) return Number.NaN;
  const count = data.readUInt32BE(8);
  if (count === 0) return x;
  if (data.length < 12 + count * 2) return Number.NaN;
  if (count === 1) return x ** (data.readUInt16BE(12) / 256);
  return data.readUInt16BE(12 + Math.round(x * (count - 1)) * 2) / 65_535;
}
