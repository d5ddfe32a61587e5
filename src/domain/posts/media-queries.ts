import type { Database } from 'bun:sqlite';
import { VISIBLE, type ViewerParams } from './reading.ts';

type FileAccess = {
  /** Whether this viewer may have it. */
  visible: number;
  /** Whether every reader may have it. */
  open: number;
};

type FileParams = ViewerParams & { blobName: string };

/** How a stored file stands to a viewer; null when there is none of that name. */
export function findMediaFile(db: Database, params: FileParams): FileAccess | null {
  return (
    db
      .query<FileAccess, FileParams>(
        `SELECT
           CASE WHEN a.suspended_at IS NOT NULL THEN 0
             WHEN m.account_id = $viewerId THEN 1
             WHEN p.id IS NULL THEN 0
             WHEN r.name = 'offered' AND NOT EXISTS (SELECT 1 FROM preferences o
               WHERE o.account_id = m.account_id AND o.offer_originals = 1) THEN 0
             ELSE ${VISIBLE} END AS visible,
           ifnull(p.visibility IN ('public', 'unlisted') AND p.archived_at IS NULL
             AND a.deletion_at IS NULL, 0) AS open
         FROM renditions r JOIN media m ON m.id = r.media_id
           JOIN accounts a ON a.id = m.account_id LEFT JOIN posts p ON p.id = m.post_id
         WHERE r.blob_name = $blobName`,
      )
      .get(params) ?? findOtherMediaFile(db, params)
  );
}

/** Avatars and originals, which are asked for rarely. */
function findOtherMediaFile(db: Database, params: FileParams): FileAccess | null {
  return db
    .query<FileAccess, FileParams>(
      `SELECT CASE
           WHEN b.purpose = 'avatar' THEN a.suspended_at IS NULL AND a.avatar_blob = b.name
             AND (a.id = $viewerId
               OR (a.deletion_at IS NULL AND ($viewerId <> 0 OR $closed = 0)))
           ELSE b.account_id = $viewerId AND a.suspended_at IS NULL END AS visible,
         b.purpose = 'avatar' AND a.deletion_at IS NULL AS open
       FROM blobs b JOIN accounts a ON a.id = b.account_id
       WHERE b.name = $blobName AND b.purpose IN ('avatar', 'original')`,
    )
    .get(params);
}
