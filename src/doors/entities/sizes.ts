import type { MediaSizeJson } from './types.ts';

type Size = { width: number; height: number };

/** A size as Mastodon writes it. */
export function sizeJson({ width, height }: Size): MediaSizeJson {
  const aspect = height === 0 ? 1 : Math.round((width / height) * 10_000) / 10_000;
  return { width, height, size: `${width}x${height}`, aspect };
}

/** A size within a longest side. */
export function fitSize({ width, height }: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** How Pixelfed calls the shape of a photo. */
export function orientation({ width, height }: Size): string {
  if (width === height) return 'square';
  return width > height ? 'landscape' : 'portrait';
}
