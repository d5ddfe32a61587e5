import type { Database } from 'bun:sqlite';
import type { RenditionName } from './reading.ts';

/** Whose photos these are and which post has them. */
export function findOwners(
  db: Database,
  ids: readonly number[],
): Map<number, { accountId: number; postId: number | null }> {
  const rows = db
    .query<{ id: number; accountId: number; postId: number | null }, { ids: string }>(
      `SELECT id, account_id AS accountId, post_id AS postId FROM media
       WHERE id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(ids) });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Puts a photo at its place in a post. */
export function setPlace(
  db: Database,
  place: { id: number; postId: number; position: number },
): void {
  db.query('UPDATE media SET post_id = $postId, position = $position WHERE id = $id').run(place);
}

/** Takes photos out of a post and notes when. */
export function touchMedia(
  db: Database,
  change: { postId: number; ids: readonly number[]; now: number },
): void {
  db.query(
    `UPDATE media SET post_id = NULL, position = 0, updated_at = $now
     WHERE post_id = $postId AND id IN (SELECT value FROM json_each($ids))`,
  ).run({ ...change, ids: JSON.stringify(change.ids) });
}

export type NewMedia = {
  id: number;
  accountId: number;
  sourceMime: string;
  sourceBytes: number;
  originalBlob: string | null;
  width: number;
  height: number;
  animated: number;
  blurhash: string;
  description: string;
  focusX: number;
  focusY: number;
  camera: string;
  edits: string | null;
  now: number;
};

/** Stores a photo that no post uses yet. */
export function insertMedia(db: Database, media: NewMedia): void {
  db.query(
    `INSERT INTO media (id, account_id, source_mime, source_bytes, original_blob, width, height,
       animated, blurhash, description, focus_x, focus_y, camera, edits, created_at, updated_at)
     VALUES ($id, $accountId, $sourceMime, $sourceBytes, $originalBlob, $width, $height,
       $animated, $blurhash, $description, $focusX, $focusY, $camera, $edits, $now, $now)`,
  ).run(media);
}

/** Names a rendition of a photo; an older one of the same name is replaced. */
export function saveRendition(
  db: Database,
  rendition: {
    mediaId: number;
    name: RenditionName;
    blobName: string;
    width: number;
    height: number;
  },
): void {
  db.query(
    `INSERT INTO renditions (media_id, name, blob_name, width, height)
     VALUES ($mediaId, $name, $blobName, $width, $height)
     ON CONFLICT (media_id, name) DO UPDATE SET blob_name = excluded.blob_name,
       width = excluded.width, height = excluded.height`,
  ).run(rendition);
}

/** Forgets every rendition of a photo and answers the names of their files. */
export function deleteRenditions(db: Database, mediaId: number): string[] {
  return db
    .query<{ blobName: string }, { mediaId: number }>(
      'DELETE FROM renditions WHERE media_id = $mediaId RETURNING blob_name AS blobName',
    )
    .all({ mediaId })
    .map((row) => row.blobName);
}

/** Changes the words and the focus of a photo. */
export function setWords(
  db: Database,
  change: { id: number; description: string; focusX: number; focusY: number; now: number },
): void {
  db.query(
    `UPDATE media SET description = $description, focus_x = $focusX, focus_y = $focusY,
       updated_at = $now WHERE id = $id`,
  ).run(change);
}

/** Changes what a photo looks like after an edit. */
export function setLook(
  db: Database,
  change: {
    id: number;
    width: number;
    height: number;
    animated: number;
    blurhash: string;
    edits: string | null;
    now: number;
  },
): void {
  db.query(
    `UPDATE media SET width = $width, height = $height, animated = $animated,
       blurhash = $blurhash, edits = $edits, updated_at = $now WHERE id = $id`,
  ).run(change);
}

/** Names of every file of these photos: originals and renditions. */
export function listFilesOfMedia(db: Database, ids: readonly number[]): string[] {
  return db
    .query<{ name: string }, { ids: string }>(
      `SELECT blob_name AS name FROM renditions
         WHERE media_id IN (SELECT value FROM json_each($ids))
       UNION SELECT original_blob FROM media
         WHERE id IN (SELECT value FROM json_each($ids)) AND original_blob IS NOT NULL`,
    )
    .all({ ids: JSON.stringify(ids) })
    .map((row) => row.name);
}

/** Takes photos away, with their renditions; their files are the caller's next step. */
export function deleteMedia(db: Database, ids: readonly number[]): void {
  db.query('DELETE FROM media WHERE id IN (SELECT value FROM json_each($ids))').run({
    ids: JSON.stringify(ids),
  });
}

/** Photos that no post has used since a time (milliseconds), and none that waits will use. */
export function listUnattached(db: Database, before: number, limit: number): number[] {
  return db
    .query<{ id: number }, { before: number; limit: number }>(
      `SELECT id FROM media
       WHERE post_id IS NULL AND created_at < $before AND updated_at < $before
         AND id NOT IN (SELECT j.value FROM scheduled_posts s, json_each(s.input, '$.mediaIds') j)
       ORDER BY created_at LIMIT $limit`,
    )
    .all({ before, limit })
    .map((row) => row.id);
}

/**
 * The next stored files after a name, each with 1 if no photo uses it any more (it went with its
 * account or its post) and it is older than a time. Reads `limit` rows, however few are unused.
 */
export function listBlobsWithUse(
  db: Database,
  page: { before: number; after: string; limit: number },
): { name: string; unused: number }[] {
  return db
    .query<{ name: string; unused: number }, { before: number; after: string; limit: number }>(
      `SELECT b.name, b.created_at < $before
           AND (b.purpose <> 'avatar' OR b.account_id IS NULL)
           AND NOT EXISTS (SELECT 1 FROM renditions AS r WHERE r.blob_name = b.name)
           AND NOT EXISTS (SELECT 1 FROM media AS m WHERE m.original_blob = b.name) AS unused
       FROM blobs AS b WHERE b.name > $after ORDER BY b.name LIMIT $limit`,
    )
    .all(page);
}

/** The next photos that are stored as WebP and have no JPEG for other servers; `large`: the file. */
export function listWithoutPeerFile(
  db: Database,
  after: number,
  limit: number,
): { id: number; accountId: number; large: string }[] {
  return db
    .query<{ id: number; accountId: number; large: string }, { after: number; limit: number }>(
      `SELECT m.id, m.account_id AS accountId, r.blob_name AS large
       FROM media m JOIN renditions r ON r.media_id = m.id AND r.name = 'large'
         JOIN blobs b ON b.name = r.blob_name
       WHERE m.id > $after AND b.mime = 'image/webp'
         AND NOT EXISTS (SELECT 1 FROM renditions x WHERE x.media_id = m.id AND x.name = 'peer')
       ORDER BY m.id LIMIT $limit`,
    )
    .all({ after, limit });
}
