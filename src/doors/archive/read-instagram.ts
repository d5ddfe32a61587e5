import type { ImportItem, PlannedPhoto } from './import-item.ts';
import { importWords as words } from './import-words.ts';
import type { OpenArchive } from './read-archive.ts';
import { readElements } from './read-elements.ts';
import { ArchiveRefused } from './read-limits.ts';
import { planPost, readTime, skipPost } from './read-post.ts';
import { asList, asNumber, asObject, asText, type Unknown } from './read-values.ts';

/** What the lists of the years are called, wherever they lie. */
const LISTS: readonly { name: RegExp; kind: 'post' | 'archived' | 'story' | 'reel' | 'video' }[] = [
  { name: /(?:^|\/)posts(?:_\d+)?\.json$/, kind: 'post' },
  { name: /(?:^|\/)archived_posts\.json$/, kind: 'archived' },
  { name: /(?:^|\/)stories(?:_\d+)?\.json$/, kind: 'story' },
  { name: /(?:^|\/)reels(?:_\d+)?\.json$/, kind: 'reel' },
  { name: /(?:^|\/)igtv_videos(?:_\d+)?\.json$/, kind: 'video' },
];
const PLACES = /^(?:content\/|your_instagram_activity\/(?:content|media)\/)?[^/]+\.json$/;
const PICTURE = /\.(?:jpe?g|png|webp|gif|avif|hei[cf])$/i;

/** Whether the names are those of an export of Instagram. */
export function isInstagram(archive: OpenArchive): boolean {
  return listsOf(archive).length > 0 || archive.find('media.json') !== null;
}

function listsOf(archive: OpenArchive) {
  return archive.names
    .filter((name) => PLACES.test(name))
    .sort()
    .flatMap((name) => {
      const list = LISTS.find((each) => each.name.test(name));
      return list === undefined ? [] : [{ name, kind: list.kind }];
    });
}

/** Plans an export of Instagram in JSON, in the layouts of all years: posts and albums; the rest is told. */
export async function* planInstagram(
  archive: OpenArchive,
  now: number,
): AsyncGenerator<ImportItem> {
  for (const { name, kind } of listsOf(archive)) {
    const file = archive.find(name);
    if (file === null) continue;
    for await (const { value } of readElements(archive.text(file))) {
      const thing = asObject(value);
      if (kind === 'post' || kind === 'archived') {
        yield planEntry(archive, thing, now, kind === 'archived');
      } else yield skipPost(`instagram:${firstUri(thing)}`, titleOf(thing), words[kind]);
    }
  }
  const old = archive.find('media.json');
  if (old !== null) yield* planOld(archive, archive.text(old), now);
}

/** `media.json` of 2018 to 2020: lists by kind, each thing a photo. */
async function* planOld(
  archive: OpenArchive,
  text: AsyncIterable<Buffer>,
  now: number,
): AsyncGenerator<ImportItem> {
  for await (const { key, value } of readElements(text)) {
    const thing = asObject(value);
    const path = asText(thing.path);
    const source = `instagram:${path}`;
    if (key === 'stories') yield skipPost(source, titleOf(thing), words.story);
    else if (key === 'videos') yield skipPost(source, titleOf(thing), words.video);
    else if (key === 'photos') {
      yield planPost(
        {
          ...{ source, caption: titleOf(thing), publishedAt: timeOf(thing) },
          place: mend(asText(thing.location)),
          photos: [planPhoto(archive, path, '')],
        },
        now,
      );
    }
  }
}

function planEntry(archive: OpenArchive, thing: Unknown, now: number, away: boolean): ImportItem {
  const media = mediaOf(thing);
  const pictures = media.filter((each) => PICTURE.test(asText(each.uri)));
  const source = `instagram:${firstUri(thing)}`;
  const [first] = media;
  // One photo has its words at the photo, an album at the whole.
  const caption =
    titleOf(thing) ||
    (media.length === 1 && first ? titleOf(first) : '') ||
    labelled(thing, 'Caption');
  const publishedAt = timeOf(thing) ?? (first ? timeOf(first) : null);
  const videos = media.length - pictures.length;
  if (source === 'instagram:') return skipPost(source, caption, words.broken);
  if (pictures.length === 0)
    return skipPost(source, caption, videos > 0 ? words.video : words.broken);
  return planPost(
    {
      ...{ source, caption, publishedAt, archived: away },
      visibility: away ? 'self' : 'public',
      photos: pictures.map((each) =>
        planPhoto(archive, asText(each.uri), media.length > 1 ? titleOf(each) : ''),
      ),
      notes: videos > 0 ? [words.videoLeft] : [],
    },
    now,
  );
}

/** Newer exports put the photos, or some of them, among labelled values. */
function mediaOf(thing: Unknown): Unknown[] {
  const direct = asList(thing.media).flatMap(asList).map(asObject);
  if (direct.length > 0) return direct.slice(0, 200);
  if (asText(thing.uri) !== '') return [thing];
  return asList(thing.label_values)
    .map(asObject)
    .flatMap((each) => asList(each.media).map(asObject))
    .slice(0, 200);
}

function labelled(thing: Unknown, label: string): string {
  const found = asList(thing.label_values)
    .map(asObject)
    .find((each) => asText(each.label) === label);
  return mend(asText(found?.value));
}

function firstUri(thing: Unknown): string {
  return asText(mediaOf(thing)[0]?.uri);
}

function titleOf(thing: Unknown): string {
  return mend(asText(thing.title) || asText(thing.caption));
}

/** Seconds since 1970, or a date as the oldest exports have it. */
function timeOf(thing: Unknown): number | null {
  const seconds = asNumber(thing.creation_timestamp) ?? asNumber(thing.timestamp);
  if (seconds !== null && seconds > 0) return Math.round(seconds * 1000);
  return readTime(thing.taken_at);
}

function planPhoto(archive: OpenArchive, uri: string, description: string): PlannedPhoto {
  const entry = archive.find(uri);
  return {
    name: uri.split('/').pop() ?? '',
    place: entry?.place ?? null,
    url: null,
    bytes: entry?.place.bytes ?? 0,
    sha256: null,
    description,
    focus: { x: 0, y: 0 },
    edits: null,
  };
}

/**
 * Instagram writes each byte of UTF-8 as a character of its own. A text in which all characters are
 * bytes, and these are UTF-8, is read again; any other stays as it is.
 */
export function mend(text: string): string {
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0);
  if (codes.every((code) => code < 0x80) || codes.some((code) => code > 0xff)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/** Says what to do about an export that has pages instead of lists. */
export function refusePages(archive: OpenArchive): void {
  if (!archive.names.some((name) => /(?:posts_\d+|posts|start_here|index)\.html$/.test(name)))
    return;
  throw new ArchiveRefused(
    'This export has web pages instead of data. Please ask Instagram for it again, in the format JSON.',
  );
}
