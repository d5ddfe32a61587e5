import type { Database } from 'bun:sqlite';
import type { Viewer } from './viewer.ts';

/** Whose token of that id it is; null if it is over at that time (milliseconds), or its account suspended. */
export function findTokenViewer(db: Database, tokenId: number, now: number): Viewer | null {
  return db
    .query<Viewer, { tokenId: number; now: number }>(
      `SELECT a.id, a.username, a.role FROM access_tokens t JOIN accounts a ON a.id = t.account_id
       WHERE t.id = $tokenId AND a.suspended_at IS NULL AND a.role IS NOT NULL
         AND (t.expires_at IS NULL OR t.expires_at > $now)`,
    )
    .get({ tokenId, now });
}
