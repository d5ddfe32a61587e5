import exifReader from 'exif-reader';
import type { CameraFacts } from './contract.ts';

const longest = 100;

/**
 * Reads what may be kept about the camera from an EXIF block, with or without its `Exif` prefix. Never
 * throws: damaged EXIF gives the facts that could be read, perhaps none. Position, serial numbers and
 * owner's names are not read at all.
 */
export function readCamera(exif: Buffer | undefined): CameraFacts {
  if (exif === undefined) return {};
  try {
    const { Image: image, Photo: photo } = exifReader(exif);
    return compact({
      make: text(image?.Make),
      model: text(image?.Model),
      lens: text(photo?.LensModel),
      focalLength: number(photo?.FocalLength, 0.1, 10_000),
      focalLength35: number(photo?.FocalLengthIn35mmFilm, 1, 10_000),
      aperture: number(photo?.FNumber, 0.1, 1000),
      exposure: number(photo?.ExposureTime, 1e-7, 1e6),
      iso: number(photo?.ISOSpeedRatings, 1, 1e8),
      takenAt: date(photo?.DateTimeOriginal, text(photo?.OffsetTimeOriginal)),
    });
  } catch {
    return {};
  }
}

type Loose = { [Fact in keyof CameraFacts]: CameraFacts[Fact] | undefined };

function compact(facts: Loose): CameraFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string | undefined {
  // Anything beyond ASCII comes as bytes; cameras write UTF-8 there.
  const words = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
  if (typeof words !== 'string') return undefined;
  const clean = words
    .split('\0', 1)[0]
    ?.replace(/[\p{C}\p{Zl}\p{Zp}\ufffd]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return clean === undefined || clean === '' ? undefined : [...clean].slice(0, longest).join('');
}

function number(value: unknown, least: number, most: number): number | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first !== 'number' || !Number.isFinite(first)) return undefined;
  return first >= least && first <= most ? Number(first.toPrecision(6)) : undefined;
}

/** exif-reader reads the camera's wall clock as if it were UTC, so the UTC fields are that clock. */
function date(value: unknown, offset: string | undefined): string | undefined {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  const year = value.getUTCFullYear();
  if (year < 1826 || year > 9999) return undefined;
  const zone = offset !== undefined && /^[+-]\d\d:\d\d$/.test(offset) ? offset : '';
  return `${value.toISOString().slice(0, 19)}${zone}`;
}
