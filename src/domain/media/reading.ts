import type { Database } from 'bun:sqlite';
import type { CameraFacts, ImageEdits } from '#base/platform/images/contract.ts';

export type RenditionName = 'large' | 'medium' | 'small' | 'offered' | 'peer';

export type RenditionView = {
  name: RenditionName;
  blobName: string;
  mime: string;
  width: number;
  height: number;
  bytes: number;
};

/** A photo with its files: what the doors turn into JSON and pages. Sizes after orientation and edits. */
export type MediaView = {
  id: number;
  accountId: number;
  /** null until a post uses it. */
  postId: number | null;
  position: number;
  sourceMime: string;
  sourceBytes: number;
  width: number;
  height: number;
  animated: boolean;
  blurhash: string;
  description: string;
  focusX: number;
  focusY: number;
  camera: CameraFacts;
  edits: ImageEdits | null;
  /**
   * Smallest first; `offered` is here only once somebody asked for it, `peer` only if the large one
   * is none that every server takes.
   */
  renditions: RenditionView[];
  /** Name of the uploaded file, if it is kept. */
  originalBlob: string | null;
  /** Where the photo of a remote post lies; null for uploads. Sizes are 0 while nobody knows them. */
  remoteUrl: string | null;
  createdAt: number;
};

type MediaRow = Omit<MediaView, 'animated' | 'camera' | 'edits' | 'renditions'> & {
  animated: number;
  camera: string;
  edits: string | null;
};

const mediaColumns = `id, account_id AS accountId, post_id AS postId, position,
  source_mime AS sourceMime, source_bytes AS sourceBytes, width, height, animated, blurhash,
  description, focus_x AS focusX, focus_y AS focusY, camera, edits,
  original_blob AS originalBlob, remote_url AS remoteUrl, created_at AS createdAt`;

/** Photos by id, in the order asked for; ids that do not exist are left out. Two statements for any number. */
export function readMedia(db: Database, ids: readonly number[]): MediaView[] {
  const rows = db
    .query<MediaRow, { ids: string }>(
      `SELECT ${mediaColumns} FROM media WHERE id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(ids) });
  const views = new Map(addRenditions(db, rows).map((view) => [view.id, view]));
  return ids.flatMap((id) => views.get(id) ?? []);
}

/** The photo of an account by id, or null if it is not there or somebody else's. */
export function findOwnMedia(db: Database, accountId: number, id: number): MediaView | null {
  const view = readMedia(db, [id])[0];
  return view?.accountId === accountId ? view : null;
}

/** The photos of many posts, each list in its order; posts without photos are not in the map. */
export function listMediaOfPosts(
  db: Database,
  postIds: readonly number[],
): Map<number, MediaView[]> {
  const rows = db
    .query<MediaRow, { ids: string }>(
      `SELECT ${mediaColumns} FROM media
       WHERE post_id IN (SELECT value FROM json_each($ids)) ORDER BY post_id, position, id`,
    )
    .all({ ids: JSON.stringify(postIds) });
  const lists = new Map<number, MediaView[]>();
  for (const view of addRenditions(db, rows)) {
    if (view.postId === null) continue;
    const list = lists.get(view.postId);
    if (list) list.push(view);
    else lists.set(view.postId, [view]);
  }
  return lists;
}

function addRenditions(db: Database, rows: readonly MediaRow[]): MediaView[] {
  if (rows.length === 0) return [];
  const renditions = db
    .query<RenditionView & { mediaId: number }, { ids: string }>(
      `SELECT r.media_id AS mediaId, r.name, r.blob_name AS blobName, b.mime, r.width, r.height,
         b.bytes
       FROM renditions AS r JOIN blobs AS b ON b.name = r.blob_name
       WHERE r.media_id IN (SELECT value FROM json_each($ids))
       ORDER BY r.width`,
    )
    .all({ ids: JSON.stringify(rows.map((row) => row.id)) });
  const byMedia = new Map<number, RenditionView[]>(rows.map((row) => [row.id, []]));
  for (const { mediaId, ...rendition } of renditions) byMedia.get(mediaId)?.push(rendition);
  return rows.map((row) => ({
    ...row,
    animated: row.animated === 1,
    camera: JSON.parse(row.camera) as CameraFacts,
    edits: row.edits === null ? null : (JSON.parse(row.edits) as ImageEdits),
    renditions: byMedia.get(row.id) ?? [],
  }));
}
