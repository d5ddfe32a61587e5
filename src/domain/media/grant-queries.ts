import type { Database } from 'bun:sqlite';

/** The secrets that a server has for these photos. */
export function findGrants(
  db: Database,
  domain: string,
  mediaIds: readonly number[],
): { mediaId: number; token: string }[] {
  return db
    .query<{ mediaId: number; token: string }, { domain: string; ids: string }>(
      `SELECT media_id AS mediaId, token FROM media_grants
       WHERE domain = $domain AND media_id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ domain, ids: JSON.stringify(mediaIds) });
}

/** Gives a server a secret for a photo, unless it has one. */
export function insertGrant(
  db: Database,
  grant: { token: string; mediaId: number; domain: string; now: number },
): void {
  db.query(
    `INSERT INTO media_grants (token, media_id, domain, created_at)
     VALUES ($token, $mediaId, $domain, $now) ON CONFLICT DO NOTHING`,
  ).run(grant);
}
