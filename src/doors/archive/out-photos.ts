import { extname } from 'node:path';
import { listMediaOfPosts, type MediaView, readMedia } from '#domain/media/reading.ts';
import { isPlaced } from '#domain/storage/placed-queries.ts';
import { type ArchivedPhoto, originalEntry, photoName, renditionEntry } from './format.ts';
import { findHashes } from './out-queries.ts';
import { MEDIA_WORK, type MediaWork, type Out, type TextWork } from './out-types.ts';
import { type SidecarPost, sidecarJson, sidecarXmp } from './sidecar.ts';

/** What every browser shows by itself; of anything else the gallery needs a rendition. */
const SHOWN_EVERYWHERE = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);

/** The photos of many posts with the hashes of their files: two statements more for any number. */
export function readPhotosOf(out: Out, postIds: readonly number[]): PhotoShelf {
  return shelve(out, listMediaOfPosts(out.ctx.db, postIds));
}

/** Photos that no post has, all under the key 0. */
export function readLoosePhotos(out: Out, ids: readonly number[]): PhotoShelf {
  return shelve(out, new Map([[0, readMedia(out.ctx.db, ids)]]));
}

export type PhotoShelf = {
  of: ReadonlyMap<number, MediaView[]>;
  hashes: ReadonlyMap<string, string>;
};

function shelve(out: Out, of: Map<number, MediaView[]>): PhotoShelf {
  const names = [...of.values()]
    .flat()
    .flatMap((view) => [
      ...(view.originalBlob === null ? [] : [view.originalBlob]),
      ...view.renditions.map((rendition) => rendition.blobName),
    ]);
  return { of, hashes: findHashes(out.ctx.db, names) };
}

/**
 * Describes one photo and puts its files on the list of what goes in; `post` null: it has none. Call
 * `addSidecars` with the answer once the post is described.
 */
export function takePhoto(
  out: Out,
  view: MediaView,
  place: { at: number; id: number; number: number },
  hashes: ReadonlyMap<string, string>,
): ArchivedPhoto {
  const name = photoName(place.at, place.id, place.number);
  const modifiedAt = Date.parse(view.camera.takenAt ?? '') || place.at;
  const file = (blob: string, entry: string) => {
    const sha256 = hashes.get(blob);
    if (sha256 === undefined) return null;
    return holdFile(out, { entry, blob, sha256, modifiedAt }) ? { file: entry, sha256 } : null;
  };
  out.counts.photos += 1;
  const { originalBlob } = view;
  const kept =
    originalBlob === null
      ? null
      : file(originalBlob, originalEntry(name, extensionOf(originalBlob)));
  if (kept !== null) {
    out.counts.originals += 1;
    out.counts.originalBytes += view.sourceBytes;
  }
  const renditions = view.renditions.flatMap(({ name: size, blobName, ...facts }) => {
    if (size === 'offered' || size === 'peer') return [];
    if (!isWanted(out, view, size, kept !== null)) return [];
    const copy = file(blobName, renditionEntry(name, size, extensionOf(blobName)));
    const { mime, bytes, width, height } = facts;
    return copy === null ? [] : [{ name: size, ...copy, bytes, mime, width, height }];
  });
  return {
    id: String(view.id),
    original: kept && { ...kept, bytes: view.sourceBytes, mime: view.sourceMime },
    renditions,
    width: view.width,
    height: view.height,
    alt: view.description,
    focus: { x: view.focusX, y: view.focusY },
    takenAt: view.camera.takenAt ?? null,
    camera: view.camera,
    edits: view.edits,
    blurhash: view.blurhash,
  };
}

/** Puts the two files with what is known of a photo beside it. */
export function addSidecars(out: Out, photo: ArchivedPhoto, post: SidecarPost | null, at: number) {
  const beside = photo.original?.file ?? photo.renditions.at(-1)?.file;
  if (beside === undefined) return;
  const { account, ctx } = out;
  const name = account.displayName === '' ? account.username : account.displayName;
  const url = `${ctx.config.origin ?? ''}/@${account.username}`;
  const json = `${JSON.stringify(sidecarJson(photo, post, name), null, 2)}\n`;
  const modifiedAt = Date.parse(photo.takenAt ?? '') || at;
  note(out, { entry: `${beside}.json`, text: json, modifiedAt });
  note(out, { entry: `${beside}.xmp`, text: sidecarXmp(photo, post, { name, url }), modifiedAt });
}

/** The small one is what the gallery's grid shows, the large one what its viewer needs if the original will not do. */
function isWanted(
  out: Out,
  view: MediaView,
  size: 'small' | 'medium' | 'large',
  hasOriginal: boolean,
): boolean {
  if (out.renditions || size === 'small') return true;
  // Browsers can show the original, and nobody cut it: then it is what people see.
  const shown = hasOriginal && view.edits === null && SHOWN_EVERYWHERE.has(view.sourceMime);
  return size === 'large' && !shown;
}

/** Puts a file of the media folder on the list; it may be removed there from now on (one that is only in the bucket is read when its turn comes). False if it is gone. */
export function holdFile(out: Out, file: Omit<MediaWork, 'held'>): boolean {
  const held = out.scratch.hold(out.ctx.files.mediaPath(file.blob), file.blob);
  if (held === 'missing' && !isPlaced(out.ctx.db, file.blob)) {
    out.problems.push({ file: file.entry, problem: 'The server has lost this file.' });
    return false;
  }
  out.files.total += 1;
  note(out, { ...file, held: held === 'held' ? file.blob : null });
  return true;
}

function note(out: Out, work: MediaWork | TextWork): void {
  out.scratch.text(MEDIA_WORK).write(`${JSON.stringify(work)}\n`);
}

function extensionOf(blob: string): string {
  return extname(blob).slice(1);
}
