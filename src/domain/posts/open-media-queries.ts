import type { Database } from 'bun:sqlite';
import { VISIBLE } from './reading.ts';

// The decisions of `media-queries.ts` and `remote-media-queries.ts` about a stranger at an open
// instance, for many files at once.
const STRANGER = { viewerId: 0, closed: 0 };

/** Those of the stored files that everybody may have. */
export function listOpenFiles(db: Database, names: readonly string[]): string[] {
  return db
    .query<{ name: string }, { names: string } & typeof STRANGER>(
      `SELECT r.blob_name AS name
       FROM json_each($names) j CROSS JOIN renditions r ON r.blob_name = j.value
         JOIN media m ON m.id = r.media_id JOIN posts p ON p.id = m.post_id
         JOIN accounts a ON a.id = m.account_id
       WHERE p.visibility IN ('public', 'unlisted') AND ${VISIBLE}
         AND (r.name <> 'offered' OR EXISTS (SELECT 1 FROM preferences o
           WHERE o.account_id = m.account_id AND o.offer_originals = 1))
       UNION ALL
       SELECT b.name FROM json_each($names) j CROSS JOIN blobs b ON b.name = j.value
         JOIN accounts a ON a.id = b.account_id
       WHERE b.purpose = 'avatar' AND a.avatar_blob = b.name AND a.suspended_at IS NULL
         AND a.deletion_at IS NULL`,
    )
    .all({ ...STRANGER, names: JSON.stringify(names) })
    .map(({ name }) => name);
}

/** Those of the photos of other servers whose copies everybody may have: only below posts of this one. */
export function listOpenPhotos(db: Database, ids: readonly number[]): number[] {
  return db
    .query<{ id: number }, { ids: string } & typeof STRANGER>(
      `SELECT m.id FROM json_each($ids) j CROSS JOIN media m ON m.id = j.value
         JOIN posts p ON p.id = m.post_id JOIN accounts a ON a.id = p.account_id
       WHERE m.remote_url IS NOT NULL AND a.domain IS NOT NULL AND p.in_reply_to_id IS NOT NULL
         AND p.visibility IN ('public', 'unlisted') AND p.hidden_at IS NULL AND ${VISIBLE}`,
    )
    .all({ ...STRANGER, ids: JSON.stringify(ids) })
    .map(({ id }) => id);
}

/** Those pictures of accounts of other servers that there are for everybody, as `avatar/<id>` and `header/<id>`. */
export function listOpenPictures(db: Database, ids: readonly number[]): string[] {
  return db
    .query<{ id: number; avatar: number; header: number }, { ids: string }>(
      `SELECT a.id, a.avatar_url IS NOT NULL AS avatar, a.header_url IS NOT NULL AS header
       FROM json_each($ids) j CROSS JOIN accounts a ON a.id = j.value
       WHERE a.domain IS NOT NULL AND a.suspended_at IS NULL AND a.deletion_at IS NULL`,
    )
    .all({ ids: JSON.stringify(ids) })
    .flatMap(({ id, avatar, header }) => [
      ...(avatar ? [`avatar/${id}`] : []),
      ...(header ? [`header/${id}`] : []),
    ]);
}
