import type { ImageHeader } from './contract.ts';
import { type Facts, nclxDisplayP3 } from './facts.ts';
import { decodeHeic } from './heic.ts';
import { type ColorPlan, planColor } from './icc.ts';
import { type InspectLimits, inspectFacts } from './inspect.ts';
import type { SharpModule } from './native.ts';
import { isSideways, type Placement, placementOf, upright } from './placement.ts';
import { ImageRefused } from './refused.ts';

type Sharp = ReturnType<SharpModule>;

/** A picture that may be decoded: what it is, how it lies, its colours, and how to open it. */
export type Picture = {
  header: ImageHeader;
  placement: Placement;
  /** EXIF orientation as stored, 1 to 8. */
  orientation: number;
  color: ColorPlan;
  exif: Buffer | undefined;
  /** True when libvips can show its motion: GIF and WebP with more than one frame. */
  animated: boolean;
  /** True when the decoded picture may have transparency. */
  hasAlpha: boolean;
  /** True when the stored colours have full resolution (PNG, 4:4:4 JPEG). */
  fullChroma: boolean;
  /** Milliseconds of each frame, and how often to repeat (0: for ever). */
  delay: number[];
  loop: number;
  /** A fresh pipeline over all frames or the first, in stored orientation. */
  open(frames: 'all' | 'first'): Sharp;
};

/** Checks the header against the limits, then reads what else is needed; decodes only a HEIC. */
export async function openPicture(
  sharp: SharpModule,
  path: string,
  limits: InspectLimits,
): Promise<Picture> {
  const facts = inspectFacts(path, limits);
  const options = {
    // The limits were checked above; this is libvips's own second look at what it found.
    limitInputPixels: limits.maxPixels * 3,
    failOn: 'error' as const,
    sequentialRead: true,
  };
  const metadata = await sharp(path, options).metadata();
  const { header } = facts;
  // libheif turns and cuts an AVIF itself while it decodes, so its size is the one after that.
  if (header.format === 'avif') Object.assign(header, sizeOf(metadata));
  const profile = metadata.icc ?? (await profileOfNclx(sharp, facts));
  const color = planColor(profile);
  const heif = facts.heif !== undefined;
  const animated = header.frames > 1 && (header.format === 'gif' || header.format === 'webp');
  const common = {
    header,
    orientation: metadata.orientation ?? 1,
    color,
    exif: metadata.exif,
    animated,
    fullChroma: header.format === 'png' || metadata.chromaSubsampling === '4:4:4',
    delay: metadata.delay ?? [],
    loop: metadata.loop ?? 0,
  };
  if (header.format === 'heic') return { ...common, ...openHeic(sharp, path, facts) };
  const ignoreIcc = color.pixels === 'keep';
  return {
    ...common,
    placement: heif ? upright : placementOf(metadata.orientation),
    hasAlpha: metadata.hasAlpha,
    open: (frames) => {
      const pages = frames === 'all' ? -1 : 1;
      return sharp(path, { ...options, ignoreIcc, ...(animated ? { pages } : {}) });
    },
  };
}

/** Width and height as the picture is seen. */
export function seenSize(picture: { header: ImageHeader; placement: Placement }) {
  const { width, height } = picture.header;
  return isSideways(picture.placement) ? { width: height, height: width } : { width, height };
}

function sizeOf({ width, height }: { width: number; height: number }) {
  return { width, height };
}

function openHeic(sharp: SharpModule, path: string, facts: Facts) {
  const { data, width, height, channels, placement } = decodeHeic(path, facts);
  if (width * height === 0) throw new ImageRefused('damaged', 'empty HEIC');
  const raw = { width, height, channels };
  const open = (): Sharp => sharp(data, { raw, limitInputPixels: false });
  const header = { ...facts.header, width, height };
  return { header, placement, hasAlpha: channels === 4, open };
}

/** AVIF and HEIC may name Display P3 by number instead of carrying a profile. */
async function profileOfNclx(sharp: SharpModule, facts: Facts): Promise<Buffer | undefined> {
  if (facts.heif?.primaries !== nclxDisplayP3) return undefined;
  const pixel = { width: 1, height: 1, channels: 3 as const, background: '#000' };
  const sample = await sharp({ create: pixel }).withIccProfile('p3').png().toBuffer();
  return (await sharp(sample).metadata()).icc;
}
