import type { Database } from 'bun:sqlite';

/** A photo that lies on another server. */
export type RemoteMediaRow = {
  id: number;
  position: number;
  url: string;
  mime: string;
  /** Pixels; 0: nobody said. */
  width: number;
  height: number;
  blurhash: string;
  description: string;
  focusX: number;
  focusY: number;
};

/** The photos of a remote post, in their order. */
export function listRemoteMedia(db: Database, postId: number): RemoteMediaRow[] {
  return db
    .query<RemoteMediaRow, { postId: number }>(
      `SELECT id, position, remote_url AS url, source_mime AS mime, width, height, blurhash,
         description, focus_x AS focusX, focus_y AS focusY
       FROM media WHERE post_id = $postId ORDER BY position, id`,
    )
    .all({ postId });
}

/** Stores where a photo of a remote post lies. */
export function insertRemoteMedia(
  db: Database,
  media: RemoteMediaRow & { accountId: number; postId: number; now: number },
): void {
  db.query(
    `INSERT INTO media (id, account_id, post_id, position, source_mime, source_bytes, width, height,
       blurhash, description, focus_x, focus_y, remote_url, created_at, updated_at)
     VALUES ($id, $accountId, $postId, $position, $mime, 0, $width, $height, $blurhash,
       $description, $focusX, $focusY, $url, $now, $now)`,
  ).run(media);
}

/** Stores what is new of a photo of a remote post. */
export function updateRemoteMedia(db: Database, media: RemoteMediaRow & { now: number }): void {
  const { url: _, ...row } = media;
  db.query(
    `UPDATE media SET position = $position, source_mime = $mime, width = $width, height = $height,
       blurhash = $blurhash, description = $description, focus_x = $focusX, focus_y = $focusY,
       updated_at = $now
     WHERE id = $id`,
  ).run(row);
}
