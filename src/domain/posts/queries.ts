import type { Database } from 'bun:sqlite';
import { POST_COLUMNS, type PostRow } from './rows.ts';
import type { Visibility } from './visibility.ts';

type Elsewhere = Pick<PostRow, 'uri' | 'url' | 'inReplyToUri' | 'repliesUrl' | 'receivedAt'>;
type Later =
  | 'repliesCount'
  | 'likesCount'
  | 'sharesCount'
  | 'editsCount'
  | 'editedAt'
  | 'archivedAt'
  | 'hiddenAt'
  | 'repliesFetchedAt'
  | 'rev';
/** What a post begins with; the fields of remote posts are left out by local ones. */
type Switches = Pick<PostRow, 'likesDisabled' | 'sharesDisabled'>;
type NewPost = Omit<PostRow, Later | keyof Elsewhere | keyof Switches> &
  Partial<Elsewhere & Switches>;

/** One post by its id, whoever asks. */
export function findPost(db: Database, id: number): PostRow | null {
  return db
    .query<PostRow, { id: number }>(`SELECT ${POST_COLUMNS} FROM posts p WHERE p.id = $id`)
    .get({ id });
}

/** Writes a new post. */
export function insertPost(db: Database, post: NewPost): void {
  db.query(
    `INSERT INTO posts (id, account_id, audience_id, visibility, caption, caption_html, spoiler,
       sensitive, language, licence, place, in_reply_to_id, in_reply_to_account_id,
       comments_disabled, likes_disabled, shares_disabled, media_count, published_at, uri, url, in_reply_to_uri, replies_url,
       received_at)
     VALUES ($id, $accountId, $audienceId, $visibility, $caption, $captionHtml, $spoiler,
       $sensitive, $language, $licence, $place, $inReplyToId, $inReplyToAccountId,
       $commentsDisabled, $likesDisabled, $sharesDisabled, $mediaCount, $publishedAt, $uri, $url, $inReplyToUri, $repliesUrl,
       $receivedAt)`,
  ).run({
    ...{ likesDisabled: 0, sharesDisabled: 0 },
    uri: null,
    url: null,
    inReplyToUri: null,
    repliesUrl: null,
    receivedAt: null,
    ...post,
  });
}

/** What an edit may change. */
export type PostChange = Pick<
  PostRow,
  | 'id'
  | 'caption'
  | 'captionHtml'
  | 'spoiler'
  | 'sensitive'
  | 'language'
  | 'licence'
  | 'place'
  | 'commentsDisabled'
  | 'likesDisabled'
  | 'sharesDisabled'
  | 'mediaCount'
  | 'editsCount'
  | 'editedAt'
>;

/** Writes the words of an edited post. */
export function updatePost(db: Database, change: PostChange): void {
  db.query(
    `UPDATE posts SET caption = $caption, caption_html = $captionHtml, spoiler = $spoiler,
       sensitive = $sensitive, language = $language, licence = $licence, place = $place,
       comments_disabled = $commentsDisabled, likes_disabled = $likesDisabled,
       shares_disabled = $sharesDisabled, media_count = $mediaCount,
       edits_count = $editsCount, edited_at = $editedAt
     WHERE id = $id`,
  ).run(change);
}

/** Hides a post (a time) or shows it again (null). */
export function updateArchived(db: Database, id: number, archivedAt: number | null): void {
  db.query('UPDATE posts SET archived_at = $archivedAt WHERE id = $id').run({ id, archivedAt });
}

/** Removes a post; its versions, tags and mentions go with it, comments on it stay. */
export function deletePostRow(db: Database, id: number): void {
  db.query('DELETE FROM posts WHERE id = $id').run({ id });
}

/** Shows a post to others than before. */
export function updateVisibility(db: Database, id: number, visibility: Visibility): void {
  db.query('UPDATE posts SET visibility = $visibility WHERE id = $id').run({ id, visibility });
}

/** Ids of the photos of a post, in their order. */
export function listMediaIds(db: Database, postId: number): number[] {
  return db
    .query<{ id: number }, { postId: number }>(
      'SELECT id FROM media WHERE post_id = $postId ORDER BY position, id',
    )
    .all({ postId })
    .map((row) => row.id);
}

/** Replaces the tags of a post; `tags` has each folded name once, with its spelling. */
export function replaceTags(
  db: Database,
  postId: number,
  tags: { name: string; display: string }[],
  newId: () => number,
  now: number,
): void {
  db.query('DELETE FROM post_tags WHERE post_id = $postId').run({ postId });
  const insertTag = db.query(
    `INSERT INTO tags (id, name, display, created_at) VALUES ($id, $name, $display, $now)
     ON CONFLICT (name) DO NOTHING`,
  );
  const insertPostTag = db.query(
    `INSERT INTO post_tags (tag_id, post_id) SELECT id, $postId FROM tags WHERE name = $name`,
  );
  for (const { name, display } of tags) {
    insertTag.run({ id: newId(), name, display, now });
    insertPostTag.run({ postId, name });
  }
}

/** Replaces the accounts that a post mentions. */
export function replaceMentions(db: Database, postId: number, accountIds: number[]): void {
  db.query('DELETE FROM mentions WHERE post_id = $postId').run({ postId });
  const insert = db.query(
    'INSERT INTO mentions (post_id, account_id) VALUES ($postId, $accountId) ON CONFLICT DO NOTHING',
  );
  for (const accountId of accountIds) insert.run({ postId, accountId });
}

/** An account that a caption means; `domain` null is this instance. */
export type MentionedRow = {
  id: number;
  username: string;
  domain: string | null;
  url: string | null;
  uri: string | null;
};

/** Accounts of these handles (`name` here, `name@domain` elsewhere, lower case), suspended ones left out. */
export function findMentioned(db: Database, handles: string[]): MentionedRow[] {
  return db
    .query<MentionedRow, { handles: string }>(
      `SELECT a.id, a.username, a.domain, a.url, a.uri
       FROM json_each($handles) h JOIN accounts a
         ON lower(a.username) = substr(h.value, 1, instr(h.value || '@', '@') - 1)
           AND ifnull(lower(a.domain), '') = substr(h.value, instr(h.value || '@', '@') + 1)
       WHERE a.suspended_at IS NULL`,
    )
    .all({ handles: JSON.stringify(handles) });
}

/** Writes the HTML of a caption anew, without an edit: somebody whom it mentions was found. */
export function updateCaptionHtml(db: Database, id: number, captionHtml: string): void {
  db.query('UPDATE posts SET caption_html = $captionHtml WHERE id = $id').run({ id, captionHtml });
}

/** Ids of the accounts that a post mentions. */
export function listMentionedIds(db: Database, postId: number): number[] {
  return db
    .query<{ id: number }, { postId: number }>(
      'SELECT account_id AS id FROM mentions WHERE post_id = $postId',
    )
    .all({ postId })
    .map(({ id }) => id);
}

/** Accounts of other servers that a post mentions, or that liked, boosted or answered it: their servers know it. */
export function listInvolved(db: Database, postId: number): number[] {
  return db
    .query<{ id: number }, { postId: number }>(
      `SELECT id FROM accounts WHERE domain IS NOT NULL AND id IN (
         SELECT account_id FROM mentions WHERE post_id = $postId
         UNION SELECT account_id FROM likes WHERE post_id = $postId
         UNION SELECT account_id FROM shares WHERE post_id = $postId
         UNION SELECT account_id FROM posts WHERE in_reply_to_id = $postId)`,
    )
    .all({ postId })
    .map(({ id }) => id);
}

/** One former state of a post; `media` is JSON: [{"id": "…", "description": "…"}]. */
export type VersionRow = {
  version: number;
  caption: string;
  captionHtml: string;
  spoiler: string;
  sensitive: number;
  place: string;
  licence: string;
  media: string;
  createdAt: number;
};

/** Keeps what a post said before an edit. */
export function insertVersion(db: Database, version: VersionRow & { postId: number }): void {
  db.query(
    `INSERT INTO post_versions (post_id, version, caption, caption_html, spoiler, sensitive, place,
       licence, media, created_at)
     VALUES ($postId, $version, $caption, $captionHtml, $spoiler, $sensitive, $place, $licence,
       $media, $createdAt)`,
  ).run(version);
}

/** Former states that are read at once: who edits a thousand times gets no page of many megabytes. */
const MOST_VERSIONS = 100;

/** The newest former states of a post, oldest first. */
export function listVersions(db: Database, postId: number): VersionRow[] {
  return db
    .query<VersionRow, { postId: number; most: number }>(
      `SELECT version, caption, caption_html AS captionHtml, spoiler, sensitive, place, licence,
         media, created_at AS createdAt
       FROM post_versions WHERE post_id = $postId ORDER BY version DESC LIMIT $most`,
    )
    .all({ postId, most: MOST_VERSIONS })
    .reverse();
}

/** The post that a client's key already made, or null. */
export function findKeyedPost(db: Database, accountId: number, key: string): number | null {
  const row = db
    .query<{ postId: number }, { accountId: number; key: string }>(
      `SELECT post_id AS postId FROM idempotency_keys
       WHERE account_id = $accountId AND key = $key`,
    )
    .get({ accountId, key });
  return row?.postId ?? null;
}

/** Remembers a client's key and forgets the ones of this account from before `since`. */
export function insertKey(
  db: Database,
  key: { accountId: number; key: string; postId: number; now: number },
  since: number,
): void {
  db.query(
    'DELETE FROM idempotency_keys WHERE account_id = $accountId AND created_at < $since',
  ).run({ accountId: key.accountId, since });
  db.query(
    `INSERT INTO idempotency_keys (account_id, key, post_id, created_at)
     VALUES ($accountId, $key, $postId, $now)`,
  ).run(key);
}

/** Posts of an account to work through, oldest first. */
export function listOwnIds(db: Database, accountId: number, limit: number): number[] {
  return db
    .query<{ id: number }, { accountId: number; limit: number }>(
      'SELECT id FROM posts WHERE account_id = $accountId ORDER BY id LIMIT $limit',
    )
    .all({ accountId, limit })
    .map((row) => row.id);
}

/** How many people are here, and how many posts that every reader sees. */
export function countInstance(db: Database): { accounts: number; posts: number } {
  const row = db
    .query<{ accounts: number; posts: number }, []>(
      `SELECT count(*) AS accounts, ifnull(sum(posts_count), 0) AS posts FROM accounts
       WHERE domain IS NULL AND suspended_at IS NULL AND deletion_at IS NULL`,
    )
    .get();
  return row ?? { accounts: 0, posts: 0 };
}
