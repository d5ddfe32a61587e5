import type { Database } from 'bun:sqlite';

/** Who is shown to people who do not know them yet (`accounts a`): who said so, is there and stays. */
const LISTED = `a.discoverable = 1 AND a.suspended_at IS NULL AND a.deletion_at IS NULL
  AND a.limited = 0 AND a.moved_to_id IS NULL
  AND ($closed = 0 OR $viewerId <> 0) AND ($viewerId <> 0 OR a.role IS NOT NULL)`;

/** Whom a viewer (0: a stranger) wants to meet in lists of people. */
const WANTED = `($viewerId = 0 OR NOT (
  EXISTS (SELECT 1 FROM blocks WHERE account_id = $viewerId AND target_id = a.id)
  OR EXISTS (SELECT 1 FROM blocks WHERE account_id = a.id AND target_id = $viewerId)
  OR EXISTS (SELECT 1 FROM mutes WHERE account_id = $viewerId AND target_id = a.id
    AND (expires_at IS NULL OR expires_at > $now))
  OR EXISTS (SELECT 1 FROM hidden_domains h WHERE h.account_id = $viewerId
    AND h.domain = a.domain)))`;

type Viewer = { viewerId: number; closed: number; now: number };

/** The directory: who wants to be found, who posted last (or who came last) first. */
export function listDirectory(
  db: Database,
  viewer: Viewer,
  asked: { order: 'active' | 'new'; local: boolean; offset: number; limit: number },
): number[] {
  const { order, local, offset, limit } = asked;
  const by = order === 'new' ? 'a.id DESC' : 'a.last_post_at DESC, a.id DESC';
  return db
    .query<{ id: number }, Viewer & { offset: number; limit: number }>(
      `SELECT a.id FROM accounts a
       WHERE ${LISTED} AND ${WANTED} ${local ? 'AND a.role IS NOT NULL' : ''}
       ORDER BY ${by} LIMIT $limit OFFSET $offset`,
    )
    .all({ ...viewer, offset, limit })
    .map((row) => row.id);
}

/** Nobody whom the viewer knows: neither themselves, nor followed, nor asked, nor waved away. */
const UNKNOWN = `a.id <> $viewerId
  AND NOT EXISTS (SELECT 1 FROM follows
    WHERE follower_id = $viewerId AND followee_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM hidden_suggestions
    WHERE account_id = $viewerId AND target_id = a.id)`;

/** Whom the people somebody follows follow most; only of those who show whom they follow. */
export function listFriendsOfFriends(db: Database, viewer: Viewer, limit: number): number[] {
  return db
    .query<{ id: number }, Viewer & { limit: number }>(
      `SELECT a.id FROM (
         SELECT f.followee_id AS id FROM follows f JOIN accounts x ON x.id = f.followee_id
         WHERE f.follower_id = $viewerId AND f.state = 'accepted' AND x.hide_collections = 0
         ORDER BY f.followee_id DESC LIMIT 200) mine
         CROSS JOIN follows g ON g.follower_id = mine.id AND g.state = 'accepted'
         CROSS JOIN accounts a ON a.id = g.followee_id
       WHERE ${LISTED} AND ${WANTED} AND ${UNKNOWN}
       GROUP BY a.id ORDER BY count(*) DESC, a.id DESC LIMIT $limit`,
    )
    .all({ ...viewer, limit })
    .map((row) => row.id);
}

/** The members of this instance with the most followers. */
export function listMostFollowed(db: Database, viewer: Viewer, limit: number): number[] {
  return db
    .query<{ id: number }, Viewer & { limit: number }>(
      `SELECT a.id FROM accounts a INDEXED BY accounts_local
       WHERE a.role IS NOT NULL AND ${LISTED} AND ${WANTED} AND ${UNKNOWN}
       ORDER BY a.followers_count DESC, a.id DESC LIMIT $limit`,
    )
    .all({ ...viewer, limit })
    .map((row) => row.id);
}

/** Remembers that somebody does not want to have an account suggested again. */
export function insertHiddenSuggestion(
  db: Database,
  row: { accountId: number; targetId: number },
): void {
  db.query(
    `INSERT INTO hidden_suggestions (account_id, target_id) VALUES ($accountId, $targetId)
     ON CONFLICT DO NOTHING`,
  ).run(row);
}

/**
 * Whom of those that somebody follows also follow some accounts, at most `each` for one; nobody who
 * keeps whom they follow to themselves, and nothing of an account that keeps its followers so.
 */
export function listFamiliar(
  db: Database,
  viewer: Omit<Viewer, 'closed'>,
  ids: readonly number[],
  each: number,
): { accountId: number; followerId: number }[] {
  return db
    .query<
      { accountId: number; followerId: number },
      Omit<Viewer, 'closed'> & { ids: string; each: number }
    >(
      `SELECT accountId, followerId FROM (
         SELECT g.followee_id AS accountId, a.id AS followerId,
           row_number() OVER (PARTITION BY g.followee_id ORDER BY a.id DESC) AS place
         FROM json_each($ids) j CROSS JOIN accounts t ON t.id = j.value
           CROSS JOIN follows f ON f.follower_id = $viewerId AND f.state = 'accepted'
           CROSS JOIN follows g ON g.follower_id = f.followee_id AND g.followee_id = t.id
             AND g.state = 'accepted'
           CROSS JOIN accounts a ON a.id = f.followee_id
         WHERE t.hide_collections = 0 AND t.suspended_at IS NULL AND t.deletion_at IS NULL
           AND a.hide_collections = 0 AND a.suspended_at IS NULL AND a.deletion_at IS NULL
           AND ${WANTED})
       WHERE place <= $each`,
    )
    .all({ ...viewer, ids: JSON.stringify(ids), each });
}
