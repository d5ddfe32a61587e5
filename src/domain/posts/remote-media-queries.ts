import type { Database } from 'bun:sqlite';
import { VISIBLE, type ViewerParams } from './reading.ts';

type RemotePhoto = { url: string | null; domain: string; visible: number; open: number };

/** A photo of a remote post with the decision about this viewer. */
export function findRemotePhoto(
  db: Database,
  params: ViewerParams & { id: number },
): RemotePhoto | null {
  return db
    .query<RemotePhoto, ViewerParams & { id: number }>(
      `SELECT m.remote_url AS url, a.domain,
         ${VISIBLE} AND p.hidden_at IS NULL
           AND ($viewerId <> 0 OR p.in_reply_to_id IS NOT NULL) AS visible,
         p.visibility IN ('public', 'unlisted') AND p.in_reply_to_id IS NOT NULL AS open
       FROM media m JOIN posts p ON p.id = m.post_id JOIN accounts a ON a.id = p.account_id
       WHERE m.id = $id AND m.remote_url IS NOT NULL AND a.domain IS NOT NULL`,
    )
    .get(params);
}

type Pictures = { domain: string; avatarUrl: string | null; headerUrl: string | null };

/** Where the pictures of a remote account lie; null for accounts of this instance and for hidden ones. */
export function findRemotePicture(db: Database, id: number): Pictures | null {
  return db
    .query<Pictures, { id: number }>(
      `SELECT domain, avatar_url AS avatarUrl, header_url AS headerUrl FROM accounts
       WHERE id = $id AND domain IS NOT NULL AND suspended_at IS NULL AND deletion_at IS NULL`,
    )
    .get({ id });
}
