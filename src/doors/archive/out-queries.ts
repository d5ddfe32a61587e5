import type { Database } from 'bun:sqlite';
import { VISIBLE, type ViewerParams } from '#domain/posts/reading.ts';
import { POST_COLUMNS, type PostRow } from '#domain/posts/rows.ts';

/** Makes a connection read and nothing else, with little memory. */
export function readOnlyQueries(db: Database): void {
  db.run('PRAGMA busy_timeout = 10000');
  db.run('PRAGMA trusted_schema = OFF');
  db.run('PRAGMA query_only = ON');
  db.run('PRAGMA cache_size = -8000');
}

type After = { accountId: number; after: number; limit: number };

/** Everything that an account posted, comments and messages too, oldest first; whoever else may see it. */
export function listAllPosts(db: Database, slice: After): PostRow[] {
  return db
    .query<PostRow, After>(
      `SELECT ${POST_COLUMNS} FROM posts p
       WHERE p.account_id = $accountId AND p.id > $after ORDER BY p.id LIMIT $limit`,
    )
    .all(slice);
}

/** How much there is to put in: photos, kept originals with their bytes, and renditions' bytes. */
export function countPhotos(
  db: Database,
  accountId: number,
): { photos: number; originalBytes: number; renditionBytes: number; smallBytes: number } {
  const row = db
    .query<
      { photos: number; originalBytes: number; renditionBytes: number; smallBytes: number },
      { accountId: number }
    >(
      `SELECT count(DISTINCT m.id) AS photos,
         (SELECT ifnull(sum(b.bytes), 0) FROM media o JOIN blobs b ON b.name = o.original_blob
           WHERE o.account_id = $accountId) AS originalBytes,
         ifnull(sum(b.bytes) FILTER (WHERE r.name IN ('large', 'medium', 'small')), 0)
           AS renditionBytes,
         ifnull(sum(b.bytes) FILTER (WHERE r.name = 'small' OR (r.name = 'large'
           AND (m.original_blob IS NULL OR m.edits IS NOT NULL
             OR m.source_mime NOT IN ('image/jpeg', 'image/png', 'image/webp', 'image/gif')))), 0)
           AS smallBytes
       FROM media m LEFT JOIN renditions r ON r.media_id = m.id
         LEFT JOIN blobs b ON b.name = r.blob_name
       WHERE m.account_id = $accountId`,
    )
    .get({ accountId });
  return row ?? { photos: 0, originalBytes: 0, renditionBytes: 0, smallBytes: 0 };
}

/** A version of a post before an edit; `media` is JSON. */
export type VersionRow = {
  postId: number;
  caption: string;
  spoiler: string;
  sensitive: number;
  place: string;
  licence: string;
  media: string;
  createdAt: number;
};

/** What posts said before their edits, oldest first. */
export function listVersionsOf(db: Database, postIds: readonly number[]): VersionRow[] {
  return db
    .query<VersionRow, { ids: string }>(
      `SELECT post_id AS postId, caption, spoiler, sensitive, place, licence, media,
         created_at AS createdAt
       FROM post_versions WHERE post_id IN (SELECT value FROM json_each($ids))
       ORDER BY post_id, version`,
    )
    .all({ ids: JSON.stringify(postIds) });
}

/** Which of the posts hang at the top of the profile. */
export function listPinnedAmong(db: Database, postIds: readonly number[]): number[] {
  return db
    .query<{ id: number }, { ids: string }>(
      `SELECT post_id AS id FROM featured WHERE post_id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(postIds) })
    .map((row) => row.id);
}

/** A comment of somebody else below an own post. */
export type CommentRow = PostRow & { below: number; parentUri: string | null; parentName: string };

/**
 * What others wrote below the posts, as far as their author may see it: down to the next post of the
 * author, which has its own comments. Oldest first.
 */
export function* eachComment(
  db: Database,
  viewer: ViewerParams,
  postIds: readonly number[],
): Generator<CommentRow> {
  yield* db
    .query<CommentRow, ViewerParams & { ids: string }>(
      `WITH RECURSIVE down (below, id, depth) AS (
         SELECT j.value, c.id, 1 FROM json_each($ids) j CROSS JOIN posts c
           ON c.in_reply_to_id = j.value WHERE c.account_id <> $viewerId
         UNION ALL
         SELECT down.below, c.id, down.depth + 1 FROM down CROSS JOIN posts c
           ON c.in_reply_to_id = down.id
         WHERE c.account_id <> $viewerId AND down.depth < 40
       )
       SELECT ${POST_COLUMNS}, down.below, q.uri AS parentUri, qa.username AS parentName
       FROM down CROSS JOIN posts p ON p.id = down.id CROSS JOIN accounts a ON a.id = p.account_id
         CROSS JOIN posts q ON q.id = p.in_reply_to_id CROSS JOIN accounts qa ON qa.id = q.account_id
       WHERE p.visibility <> 'direct' AND ${VISIBLE} ORDER BY down.below, p.id`,
    )
    .iterate({ ...viewer, ids: JSON.stringify(postIds) });
}

/** What others did with the posts, the oldest first. */
export function* eachReaction(
  db: Database,
  postIds: readonly number[],
): Generator<{ postId: number; kind: 'like' | 'boost'; accountId: number; at: number }> {
  yield* db
    .query<
      { postId: number; kind: 'like' | 'boost'; accountId: number; at: number },
      { ids: string }
    >(
      `SELECT r.post_id AS postId, 'like' AS kind, r.account_id AS accountId, r.created_at AS at
         FROM json_each($ids) j CROSS JOIN likes r ON r.post_id = j.value
       UNION ALL
       SELECT r.post_id, 'boost', r.account_id, r.created_at
         FROM json_each($ids) j CROSS JOIN shares r ON r.post_id = j.value
       ORDER BY 1, 4`,
    )
    .iterate({ ids: JSON.stringify(postIds) });
}

/** A post for later or a draft; `input` is JSON of PostInput. */
export type WaitingRow = { id: number; scheduledAt: number | null; input: string };

/** What an account wrote for later. */
export function listWaiting(db: Database, accountId: number): WaitingRow[] {
  return db
    .query<WaitingRow, { accountId: number }>(
      `SELECT id, scheduled_at AS scheduledAt, input FROM scheduled_posts
       WHERE account_id = $accountId ORDER BY id`,
    )
    .all({ accountId });
}

/** Photos of an account that no post has. */
export function listLoosePhotos(db: Database, accountId: number): number[] {
  return db
    .query<{ id: number }, { accountId: number }>(
      'SELECT id FROM media WHERE account_id = $accountId AND post_id IS NULL ORDER BY id',
    )
    .all({ accountId })
    .map((row) => row.id);
}

/** SHA-256 of stored files, by name. */
export function findHashes(db: Database, names: readonly string[]): Map<string, string> {
  const rows = db
    .query<{ name: string; sha256: string }, { names: string }>(
      'SELECT name, sha256 FROM blobs WHERE name IN (SELECT value FROM json_each($names))',
    )
    .all({ names: JSON.stringify(names) });
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}

type Kept = { postId: number; uri: string | null; authorId: number; at: number };

/** Posts that an account bookmarked, liked or boosted and may still see, the oldest first; `id` is of the boost. */
export function* eachKept(
  db: Database,
  viewer: ViewerParams,
  table: 'bookmarks' | 'likes' | 'shares',
): Generator<Kept & { id: number; visibility: 'public' | 'unlisted' | 'followers' }> {
  const share = table === 'shares';
  yield* db
    .query<Kept & { id: number; visibility: 'public' | 'unlisted' | 'followers' }, ViewerParams>(
      `SELECT ${share ? 'r.id, r.visibility' : `0 AS id, 'public' AS visibility`},
         p.id AS postId, p.uri, p.account_id AS authorId, r.created_at AS at
       FROM ${table} r CROSS JOIN posts p ON p.id = r.post_id
         CROSS JOIN accounts a ON a.id = p.account_id
       WHERE r.account_id = $viewerId AND ${VISIBLE} ORDER BY r.created_at, p.id`,
    )
    .iterate(viewer);
}

/** A message in a conversation of an account; `others` are ids with commas. */
export type MessageRow = PostRow & { others: string };

/** Direct posts that an account wrote or got and did not throw away, oldest first. */
export function* eachMessage(db: Database, viewer: ViewerParams): Generator<MessageRow> {
  yield* db
    .query<MessageRow, ViewerParams>(
      `SELECT ${POST_COLUMNS}, c.others
       FROM conversations c CROSS JOIN conversation_posts cp ON cp.conversation_id = c.id
         CROSS JOIN posts p ON p.id = cp.post_id CROSS JOIN accounts a ON a.id = p.account_id
       WHERE c.account_id = $viewerId AND ${VISIBLE} ORDER BY p.id`,
    )
    .iterate(viewer);
}
