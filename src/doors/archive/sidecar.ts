import { findLicence } from '#domain/posts/licences.ts';
import type { ArchivedPhoto, ArchivedPost } from './format.ts';

/** What of a post belongs to its photos. */
export type SidecarPost = Pick<
  ArchivedPost,
  'url' | 'createdAt' | 'caption' | 'contentWarning' | 'licence' | 'place' | 'tags' | 'visibility'
>;

/** What stands beside a photo, as JSON: whatever its file itself does not say. */
export function sidecarJson(photo: ArchivedPhoto, post: SidecarPost | null, author: string) {
  const { id, alt, takenAt, camera, focus, edits, width, height, original } = photo;
  return {
    id,
    author,
    alt,
    takenAt,
    camera,
    focus,
    edits,
    width,
    height,
    sha256: original?.sha256 ?? null,
    post,
  };
}

const NAMESPACES = [
  ['dc', 'http://purl.org/dc/elements/1.1/'],
  ['xmp', 'http://ns.adobe.com/xap/1.0/'],
  ['xmpRights', 'http://ns.adobe.com/xap/1.0/rights/'],
  ['photoshop', 'http://ns.adobe.com/photoshop/1.0/'],
  ['tiff', 'http://ns.adobe.com/tiff/1.0/'],
  ['exif', 'http://ns.adobe.com/exif/1.0/'],
  ['exifEX', 'http://cipa.jp/exif/1.0/'],
  ['Iptc4xmpCore', 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'],
] as const;

/**
 * The same as XMP (ISO 16684-1), in the words that Lightroom, darktable, digiKam and exiftool read:
 * caption, alt text, tags, place, date, camera, author and licence.
 */
export function sidecarXmp(
  photo: ArchivedPhoto,
  post: SidecarPost | null,
  author: { name: string; url: string },
): string {
  const { camera } = photo;
  const licence = post === null ? undefined : findLicence(post.licence);
  const lines = [
    languages('dc:description', post?.caption ?? ''),
    languages('Iptc4xmpCore:AltTextAccessibility', photo.alt),
    list('dc:creator', 'Seq', [author.name]),
    list('dc:subject', 'Bag', post?.tags ?? []),
    languages('dc:rights', licence?.title ?? ''),
    languages('xmpRights:UsageTerms', licence?.title ?? ''),
    plain('xmpRights:WebStatement', licence?.url ?? ''),
    plain('dc:source', post?.url ?? author.url),
    plain('Iptc4xmpCore:Location', post?.place ?? ''),
    plain('photoshop:DateCreated', photo.takenAt ?? ''),
    plain('exif:DateTimeOriginal', photo.takenAt ?? ''),
    plain('xmp:MetadataDate', post?.createdAt ?? ''),
    plain('tiff:Make', camera.make ?? ''),
    plain('tiff:Model', camera.model ?? ''),
    plain('exifEX:LensModel', camera.lens ?? ''),
    plain('exif:FNumber', rational(camera.aperture)),
    plain('exif:ExposureTime', exposure(camera.exposure)),
    plain('exif:FocalLength', rational(camera.focalLength)),
    plain('exif:FocalLengthIn35mmFilm', whole(camera.focalLength35)),
    list('exif:ISOSpeedRatings', 'Seq', [whole(camera.iso)]),
  ];
  const names = NAMESPACES.map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`).join('\n   ');
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    `  <rdf:Description rdf:about=""\n   ${names.trimStart()}>`,
    ...lines.filter((line) => line !== ''),
    '  </rdf:Description>',
    ' </rdf:RDF>',
    '</x:xmpmeta>',
    '<?xpacket end="w"?>',
    '',
  ].join('\n');
}

function plain(name: string, value: string): string {
  return value === '' ? '' : `   <${name}>${escapeXml(value)}</${name}>`;
}

function list(name: string, kind: 'Bag' | 'Seq', values: readonly string[]): string {
  const items = values
    .filter((value) => value !== '')
    .map((value) => `<rdf:li>${escapeXml(value)}</rdf:li>`);
  if (items.length === 0) return '';
  return `   <${name}><rdf:${kind}>${items.join('')}</rdf:${kind}></${name}>`;
}

function languages(name: string, value: string): string {
  if (value === '') return '';
  return `   <${name}><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(value)}</rdf:li></rdf:Alt></${name}>`;
}

// Everything that XML 1.0 has no place for: controls, halves of surrogate pairs, and two more.
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Numbers are fractions in XMP. */
function rational(value: number | undefined): string {
  if (value === undefined || !(value > 0)) return '';
  return Number.isInteger(value) ? `${value}/1` : `${Math.round(value * 1000)}/1000`;
}

/** Short times as photographers say them: 1/250. */
function exposure(value: number | undefined): string {
  if (value === undefined || !(value > 0)) return '';
  return value < 0.3 ? `1/${Math.round(1 / value)}` : rational(value);
}

function whole(value: number | undefined): string {
  return value === undefined || !(value > 0) ? '' : String(Math.round(value));
}
