import type { Database } from 'bun:sqlite';

/** Posts of a thread that are looked at; a longer one is kept. */
const LONGEST_THREAD = 500;
const DEEPEST = 100;

const local = (id: string) =>
  `EXISTS (SELECT 1 FROM accounts l WHERE l.id = ${id} AND l.role IS NOT NULL)`;

/** Whether somebody of this instance has something to do with the row `p` of `posts`. */
const MATTERS = `(p.uri IS NULL
  OR EXISTS (SELECT 1 FROM follows f WHERE f.followee_id = p.account_id AND ${local('f.follower_id')})
  OR EXISTS (SELECT 1 FROM likes x WHERE x.post_id = p.id AND ${local('x.account_id')})
  OR EXISTS (SELECT 1 FROM shares x WHERE x.post_id = p.id AND ${local('x.account_id')})
  OR EXISTS (SELECT 1 FROM bookmarks x WHERE x.post_id = p.id)
  OR EXISTS (SELECT 1 FROM mentions x WHERE x.post_id = p.id AND ${local('x.account_id')})
  OR EXISTS (SELECT 1 FROM report_posts x JOIN reports r ON r.id = x.report_id
       WHERE x.post_id = p.id AND r.closed_at IS NULL))`;

export type OldPost = { id: number; receivedAt: number };

/** The next remote posts that came before a time, in the order in which they came. */
export function listOldRemote(
  db: Database,
  page: { before: number; afterTime: number; afterId: number; limit: number },
): OldPost[] {
  return db
    .query<OldPost, typeof page>(
      `SELECT id, received_at AS receivedAt FROM posts
       WHERE received_at IS NOT NULL AND received_at < $before
         AND (received_at, id) > ($afterTime, $afterId)
       ORDER BY received_at, id LIMIT $limit`,
    )
    .all(page);
}

/** Whether anybody here has something to do with a post, or with any other of its thread. */
export function mattersHere(db: Database, postId: number): boolean {
  const own = db
    .query<{ matters: number }, { postId: number }>(
      `SELECT ${MATTERS} AS matters FROM posts p WHERE p.id = $postId`,
    )
    .get({ postId });
  if (own === null || own.matters === 1) return own !== null;
  const thread = db
    .query<{ matters: number; posts: number }, { postId: number; deepest: number; most: number }>(
      `WITH RECURSIVE
         up (id, depth) AS (
           SELECT $postId, 0
           UNION ALL
           SELECT q.in_reply_to_id, up.depth + 1 FROM up JOIN posts q ON q.id = up.id
             WHERE q.in_reply_to_id IS NOT NULL AND up.depth < $deepest),
         thread (id) AS (
           SELECT * FROM (SELECT id FROM up ORDER BY depth DESC LIMIT 1)
           UNION
           SELECT q.id FROM thread JOIN posts q ON q.in_reply_to_id = thread.id LIMIT $most)
       SELECT ifnull(max(${MATTERS}), 0) AS matters, count(*) AS posts
       FROM thread JOIN posts p ON p.id = thread.id`,
    )
    .get({ postId, deepest: DEEPEST, most: LONGEST_THREAD });
  return thread === null || thread.matters === 1 || thread.posts >= LONGEST_THREAD;
}

/** Forgets deletions of other servers from before a time; those of this one are told for ever. */
export function deleteOldTombstones(
  db: Database,
  row: { before: number; own: string; limit: number },
): number {
  return db
    .query(
      `DELETE FROM tombstones WHERE uri IN (
         SELECT uri FROM tombstones WHERE deleted_at < $before
           AND substr(uri, 1, length($own)) <> $own LIMIT $limit)`,
    )
    .run(row).changes;
}
