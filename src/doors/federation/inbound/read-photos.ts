import type { JsonObject, JsonValue } from '#base/core/json.ts';
import { cleanText } from '#domain/posts/caption.ts';
import { postLimits } from '#domain/posts/limits.ts';
import type { RemotePhoto } from '#domain/posts/remote-types.ts';
import { readBlurhash } from './read-blurhash.ts';
import { isObject, linkOf, listOf, mediaTypeOf, objectOf, textOf, typesOf } from './values.ts';

/** Attachments that are looked at: a post has 20 photos at most (T49). */
const LOOKED_AT = 100;
const MOST_PIXELS = 65_535;
const EXTENSIONS: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
};
/** Drawings are programs. */
const REFUSED = new Set(['image/svg+xml']);

/** The photos of a post: its attachments, itself if it is one, or the picture of an article or a video. */
export function readPhotos(document: JsonObject, type: string): RemotePhoto[] {
  const found = type === 'Image' ? photosOf(document) : [];
  for (const each of listOf(document.attachment).slice(0, LOOKED_AT)) {
    found.push(...photosOf(each));
  }
  if (found.length === 0 && type !== 'Note') {
    const poster = objectOf(document.image) ?? biggest(document.icon) ?? objectOf(document.preview);
    if (poster !== null) found.push(...photosOf(poster));
  }
  const once = new Map(found.map((photo) => [photo.url, photo]));
  return [...once.values()].slice(0, postLimits.photos);
}

/** Films and sounds, which are shown as links. */
export function readOtherMedia(document: JsonObject): { url: string; name: string }[] {
  return listOf(document.attachment)
    .slice(0, LOOKED_AT)
    .filter(isObject)
    .filter((each) => photosOf(each).length === 0 && !typesOf(each).includes('PropertyValue'))
    .flatMap((each) => {
      const url = linkOf(each.url ?? each.href);
      return url === null ? [] : [{ url, name: (textOf(each.name) ?? '').slice(0, 200) }];
    })
    .slice(0, 10);
}

function photosOf(value: JsonValue): RemotePhoto[] {
  if (!isObject(value)) return [];
  const types = typesOf(value);
  if (types.includes('Video') || types.includes('Audio')) return [];
  const url = linkOf(value.url ?? value.href, (mediaType) => mediaType.startsWith('image/'));
  if (url === null) return [];
  const mime = mimeOf(value, url, types.includes('Image'));
  if (mime === null) return [];
  const [width, height] = [sizeOf(value.width), sizeOf(value.height)];
  const known = width > 0 && height > 0;
  const [focusX, focusY] = focusOf(value);
  return [
    {
      url,
      mime,
      width: known ? width : 0,
      height: known ? height : 0,
      blurhash: readBlurhash(value.blurhash),
      description: readDescription(value),
      focusX,
      focusY,
    },
  ];
}

/** What it says of itself, or of its link; else its ending; else JPEG if it says that it is a picture. */
function mimeOf(value: JsonObject, url: string, isImage: boolean): string | null {
  const inner = listOf(value.url)
    .filter(isObject)
    .map(mediaTypeOf)
    .find((type) => type.startsWith('image/'));
  const said = mediaTypeOf(value) || inner || '';
  if (said !== '' && said !== 'application/octet-stream') {
    return /^image\/[a-z0-9.+-]+$/.test(said) && !REFUSED.has(said) ? said : null;
  }
  const ending = /\.([a-z0-9]{3,4})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
  return EXTENSIONS[ending] ?? (isImage && ending !== 'svg' ? 'image/jpeg' : null);
}

/** Mastodon and GoToSocial read `summary` first; everybody else writes `name`. */
function readDescription(value: JsonObject): string {
  const said = textOf(value.summary)?.trim() || textOf(value.name) || '';
  const clean = cleanText(said.slice(0, 20_000)).replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  return clean.length <= postLimits.altText
    ? clean
    : [...clean].slice(0, postLimits.altText).join('');
}

function sizeOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MOST_PIXELS
    ? value
    : 0;
}

function focusOf(value: JsonObject): [number, number] {
  const [x, y] = listOf(value.focalPoint);
  const fits = (each: JsonValue | undefined): each is number =>
    typeof each === 'number' && each >= -1 && each <= 1;
  return fits(x) && fits(y) ? [x, y] : [0, 0];
}

function biggest(value: JsonValue | undefined): JsonObject | null {
  const icons = listOf(value).filter(isObject);
  return icons.sort((a, b) => sizeOf(b.width) - sizeOf(a.width))[0] ?? null;
}
