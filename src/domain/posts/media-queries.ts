import type { Database } from 'bun:sqlite';
import { VISIBLE, type ViewerParams } from './reading.ts';

type FileAccess = {
  /** Whether this viewer may have it. */
  visible: number;
  /** Whether every reader may have it. */
  open: number;
};

/** An account `o` of the server that a secret was made for. */
const THERE = 'o.domain = g.domain AND o.suspended_at IS NULL';

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
             AND p.hidden_at IS NULL AND a.deletion_at IS NULL, 0) AS open
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

type Shared = { mediaId: number; domain: string };

/**
 * What a secret address opens, if it still does: the post is there, for more than its author, and the
 * server that the secret was made for has somebody whom the post is for: a follower of its audience
 * now, or somebody it mentions. In a family public posts are for followers too.
 */
export function findSharedPhoto(
  db: Database,
  params: { token: string; closed: number },
): Shared | null {
  return db
    .query<Shared, { token: string; closed: number }>(
      `SELECT g.media_id AS mediaId, g.domain
       FROM media_grants g JOIN media m ON m.id = g.media_id JOIN posts p ON p.id = m.post_id
         JOIN accounts a ON a.id = p.account_id
       WHERE g.token = $token AND p.visibility <> 'self' AND p.archived_at IS NULL
         AND p.hidden_at IS NULL AND a.suspended_at IS NULL AND a.deletion_at IS NULL
         AND (($closed = 0 AND p.visibility IN ('public', 'unlisted'))
           OR EXISTS (SELECT 1 FROM mentions n JOIN accounts o ON o.id = n.account_id
             WHERE n.post_id = p.id AND ${THERE})
           OR (p.visibility <> 'direct' AND EXISTS (SELECT 1 FROM accounts o
             WHERE ${THERE} AND (o.id = p.audience_id OR EXISTS (SELECT 1 FROM follows f
               WHERE f.follower_id = o.id AND f.followee_id = p.audience_id
                 AND f.state = 'accepted')))))`,
    )
    .get(params);
}
