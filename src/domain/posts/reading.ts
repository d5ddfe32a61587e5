import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readSetting } from '#domain/settings.ts';
import { IN_MUTED_THREAD } from './muted-queries.ts';
import { POST_COLUMNS, type PostRow } from './rows.ts';
import { type Bounds, bounds, direction, mergeNewest, newestFirst } from './slice.ts';

/**
 * The one answer to "who may see this post" in SQL, over `posts p JOIN accounts a ON a.id =
 * p.account_id`, with the parameters of `viewerParams`. `canSeePost` in `visibility.ts` is its pure
 * twin. Every query that shows a post, or anything of one, carries it.
 */
export const VISIBLE = `(a.suspended_at IS NULL AND (p.account_id = $viewerId OR (
  p.archived_at IS NULL AND a.deletion_at IS NULL AND p.hidden_at IS NULL
  AND ($viewerId = 0 OR NOT (
    EXISTS (SELECT 1 FROM blocks WHERE account_id = $viewerId AND target_id = p.account_id)
    OR EXISTS (SELECT 1 FROM blocks WHERE account_id = p.account_id AND target_id = $viewerId)))
  AND (
    (p.visibility IN ('public', 'unlisted') AND ($viewerId <> 0 OR $closed = 0))
    OR ($viewerId <> 0 AND p.visibility = 'followers' AND (p.audience_id = $viewerId OR EXISTS (
      SELECT 1 FROM follows f WHERE f.follower_id = $viewerId AND f.followee_id = p.audience_id
        AND f.state = 'accepted')))
    OR ($viewerId <> 0 AND p.visibility IN ('followers', 'direct') AND EXISTS (
      SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.account_id = $viewerId))
  ))))`;

/** Who may see that somebody boosted a post, over `shares s`, apart from the post itself (`VISIBLE`). */
export const SHARE_VISIBLE = `(s.account_id = $viewerId OR (
  NOT EXISTS (SELECT 1 FROM accounts x WHERE x.id = s.account_id
    AND (x.suspended_at IS NOT NULL OR x.deletion_at IS NOT NULL))
  AND ($viewerId = 0 OR NOT (
    EXISTS (SELECT 1 FROM blocks WHERE account_id = $viewerId AND target_id = s.account_id)
    OR EXISTS (SELECT 1 FROM blocks WHERE account_id = s.account_id AND target_id = $viewerId)))
  AND (s.visibility <> 'followers' OR ($viewerId <> 0 AND EXISTS (SELECT 1 FROM follows f
    WHERE f.follower_id = $viewerId AND f.followee_id = s.account_id AND f.state = 'accepted')))))`;

const FROM_POSTS = 'FROM posts p JOIN accounts a ON a.id = p.account_id';

export type ViewerParams = { viewerId: number; closed: number };
type Asker = Pick<Viewer, 'id'> | null;

/** True in family mode: strangers see nothing. */
export function isClosed(ctx: Pick<Context, 'config' | 'db'>): boolean {
  return readSetting(ctx, 'mode') === 'family';
}

/** The parameters of `VISIBLE`; a stranger is account 0. */
export function viewerParams(ctx: Pick<Context, 'config' | 'db'>, viewer: Asker): ViewerParams {
  return { viewerId: viewer?.id ?? 0, closed: isClosed(ctx) ? 1 : 0 };
}

// The ids lead, so rows come in their order and nothing is scanned.
const FROM_IDS = `FROM json_each($ids) j CROSS JOIN posts p ON p.id = j.value
  CROSS JOIN accounts a ON a.id = p.account_id`;

/** Those of the posts that the viewer may see, in the order of `ids`. */
export function readPostsByIds(ctx: Context, viewer: Asker, ids: number[]): PostRow[] {
  if (ids.length === 0) return [];
  return ctx.db
    .query<PostRow, ViewerParams & { ids: string }>(
      `SELECT ${POST_COLUMNS} ${FROM_IDS} WHERE ${VISIBLE}`,
    )
    .all({ ...viewerParams(ctx, viewer), ids: JSON.stringify(ids) });
}

/** What a cache of post JSON compares: it is stale when a number differs. */
export type PostStamp = {
  id: number;
  rev: number;
  accountId: number;
  accountRev: number;
  /** What the viewer did to it: 1 liked, 2 boosted, 4 kept, 8 pinned, 16: it is the viewer's, 32: of a muted thread. */
  flags: number;
  /** The server's own switches for likes and the like, as they are stored. */
  switches: string | null;
};

const MINE = (table: string) => `EXISTS (SELECT 1 FROM ${table} r
  WHERE r.account_id = $viewerId AND r.post_id = p.id)`;
/** `PostStamp.flags` in SQL. */
export const FLAGS = `CASE WHEN $viewerId = 0 THEN 0 ELSE
  ${MINE('likes')} + 2 * ${MINE('shares')} + 4 * ${MINE('bookmarks')}
  + 32 * ${IN_MUTED_THREAD}
  + CASE WHEN p.account_id = $viewerId THEN 16 + 8 * ${MINE('featured')} ELSE 0 END
  + 1024 * EXISTS (SELECT 1 FROM preferences WHERE account_id = $viewerId
    AND see_likes * see_boosts * see_comments * see_counts = 0) END`;
/** `PostStamp.switches` in SQL. */
export const SWITCHES = `(SELECT group_concat(key || value) FROM settings
  WHERE key > 'features.' AND key < 'features/')`;

/** Stamps of those of the posts that the viewer may see, in the order of `ids`. */
export function readStamps(ctx: Context, viewer: Asker, ids: number[]): PostStamp[] {
  if (ids.length === 0) return [];
  return ctx.db
    .query<PostStamp, ViewerParams & { ids: string }>(
      `SELECT p.id, p.rev, p.account_id AS accountId, a.rev AS accountRev, ${FLAGS} AS flags,
         ${SWITCHES} AS switches
       ${FROM_IDS} WHERE ${VISIBLE}`,
    )
    .all({ ...viewerParams(ctx, viewer), ids: JSON.stringify(ids) });
}

/** One post as the viewer may see it; a hidden one throws exactly like a missing one. */
export function readPost(ctx: Context, viewer: Asker, id: number): PostRow {
  const [post] = readPostsByIds(ctx, viewer, [id]);
  if (!post) throw new AppError('not_found', 'There is no such post.');
  return post;
}

/** The viewer's own post, to change it; throws like a missing one for everybody else's. */
export function readOwnPost(ctx: Context, viewer: Viewer, id: number): PostRow {
  const post = readPost(ctx, viewer, id);
  if (post.accountId !== viewer.id) throw new AppError('not_found', 'There is no such post.');
  return post;
}

export type ProfileFilter = {
  /** Only posts with a photo. */
  onlyMedia?: boolean;
  /** Comments on other posts too. */
  withComments?: boolean;
  /** Only what anybody may see and find: feeds. */
  onlyPublic?: boolean;
  /** Folded name of a tag. */
  tag?: string | null;
  /** Only what its author has put away; the author alone gets any. */
  archived?: boolean;
  /** Also what the account boosted, as ids of the boosts. */
  withBoosts?: boolean;
};

/**
 * Ids of an account's posts that the viewer may see, newest first; archived ones apart. Strangers see
 * nothing of other servers but comments on what is here.
 */
export function listProfileIds(
  ctx: Context,
  viewer: Asker,
  accountId: number,
  page: Page,
  filter: ProfileFilter = {},
): number[] {
  const conditions = ['p.account_id = $accountId', 'p.id < $maxId', 'p.id > $sinceId'];
  conditions.push('($viewerId <> 0 OR p.uri IS NULL)');
  // Messages to single people stand among the conversations.
  if (!filter.archived) conditions.push(`p.visibility <> 'direct'`);
  conditions.push(filter.archived ? 'p.archived_at IS NOT NULL' : 'p.archived_at IS NULL');
  if (filter.onlyMedia) conditions.push('p.media_count > 0');
  if (!filter.withComments) conditions.push('p.in_reply_to_account_id IS NULL');
  if (filter.onlyPublic) conditions.push(`p.visibility = 'public'`);
  if (filter.tag) {
    conditions.push(`p.id IN (SELECT pt.post_id FROM post_tags pt JOIN tags t ON t.id = pt.tag_id
      WHERE t.name = $tag)`);
  }
  const rows = ctx.db
    .query<{ id: number }, Record<string, number | string>>(
      `SELECT p.id ${FROM_POSTS} WHERE ${conditions.join(' AND ')} AND ${VISIBLE}
       ORDER BY p.id ${direction(page)} LIMIT $limit`,
    )
    .all({
      ...viewerParams(ctx, viewer),
      ...bounds(page),
      accountId,
      ...(filter.tag ? { tag: filter.tag } : {}),
    });
  const ids = newestFirst(rows, page);
  const plain = !filter.archived && !filter.onlyPublic && !filter.tag;
  if (!filter.withBoosts || !plain) return ids;
  const boosts = listBoostIds(ctx.db, viewerParams(ctx, viewer), accountId, page, filter);
  return mergeNewest(ids, boosts, page);
}

function listBoostIds(
  db: Database,
  viewer: ViewerParams,
  accountId: number,
  page: Page,
  filter: ProfileFilter,
): number[] {
  const rows = db
    .query<{ id: number }, ViewerParams & Bounds & { accountId: number }>(
      `SELECT s.id FROM shares s CROSS JOIN posts p ON p.id = s.post_id
         CROSS JOIN accounts a ON a.id = p.account_id
       WHERE s.account_id = $accountId AND s.id < $maxId AND s.id > $sinceId
         AND ($viewerId <> 0 OR p.uri IS NULL) ${filter.onlyMedia ? 'AND p.media_count > 0' : ''}
         AND ${SHARE_VISIBLE} AND ${VISIBLE}
       ORDER BY s.id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...viewer, ...bounds(page), accountId });
  return newestFirst(rows, page);
}

/** An account's posts that the viewer may see, newest first. */
export function listProfilePosts(
  ctx: Context,
  viewer: Asker,
  accountId: number,
  page: Page,
  filter: ProfileFilter = {},
): PostRow[] {
  return readPostsByIds(ctx, viewer, listProfileIds(ctx, viewer, accountId, page, filter));
}

/**
 * How many of an account's posts that are not for everybody the viewer may see, comments left out;
 * stops counting at 10,000. The open ones are counted in the account's row.
 */
export function countClosedPosts(ctx: Context, viewer: Asker, accountId: number): number {
  const row = ctx.db
    .query<{ n: number }, ViewerParams & { accountId: number }>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM posts p INDEXED BY posts_closed
         JOIN accounts a ON a.id = p.account_id
         WHERE p.account_id = $accountId AND p.visibility NOT IN ('public', 'unlisted')
         AND p.visibility <> 'direct'
         AND p.archived_at IS NULL AND p.in_reply_to_account_id IS NULL AND ${VISIBLE}
         LIMIT 10000)`,
    )
    .get({ ...viewerParams(ctx, viewer), accountId });
  return row?.n ?? 0;
}

/** Ids of what a comment answers, up to the first post, oldest first; stops at what is hidden. */
export function listAncestorIds(ctx: Context, viewer: Asker, postId: number): number[] {
  return ctx.db
    .query<{ id: number }, ViewerParams & { postId: number }>(
      `WITH RECURSIVE up (id, depth) AS (
         SELECT in_reply_to_id, 1 FROM posts WHERE id = $postId
         UNION ALL
         SELECT p.in_reply_to_id, up.depth + 1 FROM up CROSS JOIN posts p ON p.id = up.id
           CROSS JOIN accounts a ON a.id = p.account_id
         WHERE up.depth < 40 AND ${VISIBLE}
       )
       SELECT p.id FROM up CROSS JOIN posts p ON p.id = up.id
         CROSS JOIN accounts a ON a.id = p.account_id
       WHERE ${VISIBLE} ORDER BY up.depth DESC`,
    )
    .all({ ...viewerParams(ctx, viewer), postId })
    .map((row) => row.id);
}

/** Ids of the comments below a post that the viewer may see, each after what it answers, oldest first. */
export function listDescendantIds(
  ctx: Context,
  viewer: Asker,
  postId: number,
  limit = 500,
): number[] {
  return ctx.db
    .query<{ id: number }, ViewerParams & { postId: number; limit: number }>(
      `WITH RECURSIVE down (id, depth) AS (
         SELECT $postId, 0
         UNION ALL
         SELECT p.id, down.depth + 1 FROM down CROSS JOIN posts p ON p.in_reply_to_id = down.id
           CROSS JOIN accounts a ON a.id = p.account_id
         WHERE down.depth < 40 AND ${VISIBLE}
         ORDER BY 2 DESC, 1 ASC
         LIMIT $limit + 1
       )
       SELECT id FROM down WHERE id <> $postId`,
    )
    .all({ ...viewerParams(ctx, viewer), postId, limit })
    .map((row) => row.id);
}
