import type { Context } from '#base/context.ts';
import { FLAGS, type PostStamp, SWITCHES, VISIBLE, viewerParams } from './reading.ts';

/** The same question for many viewers at once: their ids are the rows of `j`. */
const forEach = (sql: string) => sql.replaceAll('$viewerId', 'j.value');

/** A post's stamp for one of several viewers. */
export type ViewerStamp = PostStamp & { viewerId: number };

/** Those of the viewers who may see a post, each with the stamp for them, in one statement. */
export function readStampsOfViewers(
  ctx: Context,
  viewerIds: readonly number[],
  postId: number,
): ViewerStamp[] {
  if (viewerIds.length === 0) return [];
  const { closed } = viewerParams(ctx, null);
  return ctx.db
    .query<ViewerStamp, { viewers: string; postId: number; closed: number }>(
      `SELECT j.value AS viewerId, p.id, p.rev, p.account_id AS accountId, a.rev AS accountRev,
         ${forEach(FLAGS)} AS flags, ${SWITCHES} AS switches
       FROM posts p CROSS JOIN accounts a ON a.id = p.account_id
         CROSS JOIN json_each($viewers) j
       WHERE p.id = $postId AND ${forEach(VISIBLE)}`,
    )
    .all({ viewers: JSON.stringify(viewerIds), postId, closed });
}

/** What decides into which lists a post can come at all. */
export type PostPlaces = {
  accountId: number;
  visibility: string;
  /** 1: put away by its author or by a moderator. */
  away: number;
  /** 1: written here. */
  local: number;
  isReply: number;
  hasMedia: number;
  inReplyToId: number | null;
  /** JSON list of folded names. */
  tags: string;
};

/** Where a post can be shown, for whoever tells of it; null if it is gone. */
export function findPlaces(db: Context['db'], postId: number): PostPlaces | null {
  return db
    .query<PostPlaces, { postId: number }>(
      `SELECT p.account_id AS accountId, p.visibility,
         p.archived_at IS NOT NULL OR p.hidden_at IS NOT NULL AS away,
         p.uri IS NULL AS local, p.in_reply_to_account_id IS NOT NULL AS isReply,
         p.media_count > 0 AS hasMedia, p.in_reply_to_id AS inReplyToId,
         (SELECT json_group_array(t.name) FROM post_tags pt JOIN tags t ON t.id = pt.tag_id
           WHERE pt.post_id = p.id) AS tags
       FROM posts p WHERE p.id = $postId`,
    )
    .get({ postId });
}

/** Those of the viewers in whose home timeline a post of an account could be: a first, cheap look. */
export function listLikelyReaders(
  db: Context['db'],
  viewerIds: readonly number[],
  accountId: number,
  postId: number,
  closed: boolean,
): number[] {
  if (viewerIds.length === 0) return [];
  const params = { viewers: JSON.stringify(viewerIds), accountId, postId, closed: Number(closed) };
  return db
    .query<{ id: number }, typeof params>(
      `SELECT j.value AS id FROM json_each($viewers) j
       WHERE j.value = $accountId
         OR ($closed = 1 AND EXISTS (SELECT 1 FROM accounts
           WHERE id = $accountId AND role IS NOT NULL))
         OR EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = j.value
           AND f.followee_id = $accountId AND f.state = 'accepted')
         OR EXISTS (SELECT 1 FROM post_tags pt JOIN followed_tags ft ON ft.tag_id = pt.tag_id
           WHERE pt.post_id = $postId AND ft.account_id = j.value)`,
    )
    .all(params)
    .map((row) => row.id);
}

/** Those of the viewers who follow an account. */
export function listFollowing(
  db: Context['db'],
  viewerIds: readonly number[],
  accountId: number,
): number[] {
  if (viewerIds.length === 0) return [];
  return db
    .query<{ id: number }, { viewers: string; accountId: number }>(
      `SELECT j.value AS id FROM json_each($viewers) j CROSS JOIN follows f
       WHERE f.follower_id = j.value AND f.followee_id = $accountId AND f.state = 'accepted'`,
    )
    .all({ viewers: JSON.stringify(viewerIds), accountId })
    .map((row) => row.id);
}
