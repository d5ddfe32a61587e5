import type { Context } from '#base/context.ts';
import { randomName } from '#base/core/secrets.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { insertMedia, saveRendition } from '#domain/media/queries.ts';
import { type PostInput, publishPost } from '#domain/posts/publish.ts';
import type { PostRow } from '#domain/posts/rows.ts';

/** A photo as an upload leaves it, but without any file on disk. */
export function photo(ctx: Context, accountId: number, description = ''): number {
  const id = ctx.newId();
  const now = ctx.now();
  insertMedia(ctx.db, {
    id,
    accountId,
    sourceMime: 'image/jpeg',
    sourceBytes: 3_000_000,
    originalBlob: blob(ctx, accountId, 'original', 'jpg'),
    width: 4000,
    height: 3000,
    animated: 0,
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    description,
    focusX: 0,
    focusY: 0,
    camera: JSON.stringify({ make: 'NIKON', model: 'NIKON D70', aperture: 2.8, exposure: 0.008 }),
    edits: null,
    now,
  });
  for (const [name, ext, width, height] of [
    ['small', 'webp', 480, 360],
    ['medium', 'webp', 1080, 810],
    ['large', 'jpg', 2048, 1536],
  ] as const) {
    const blobName = blob(ctx, accountId, 'rendition', ext);
    saveRendition(ctx.db, { mediaId: id, name, blobName, width, height });
  }
  return id;
}

function blob(ctx: Context, accountId: number, purpose: string, ext: string): string {
  const name = `${randomName(16)}.${ext}`;
  ctx.db
    .query(
      `INSERT INTO blobs (name, account_id, purpose, mime, bytes, sha256, created_at)
       VALUES ($name, $accountId, $purpose, $mime, 1000, '', $now)`,
    )
    .run({
      name,
      accountId,
      purpose,
      mime: `image/${ext === 'jpg' ? 'jpeg' : ext}`,
      now: ctx.now(),
    });
  return name;
}

/** The file names of a photo's renditions. */
export function blobsOf(ctx: Context, mediaId: number): string[] {
  return ctx.db
    .query<{ name: string }, { mediaId: number }>(
      'SELECT blob_name AS name FROM renditions WHERE media_id = $mediaId',
    )
    .all({ mediaId })
    .map((row) => row.name);
}

/** A post with one photo unless it says otherwise. */
export function post(ctx: Context, viewer: Viewer, input: Partial<PostInput> = {}): PostRow {
  const mediaIds = input.mediaIds ?? (input.inReplyToId ? [] : [photo(ctx, viewer.id)]);
  return publishPost(ctx, viewer, { caption: 'Hello', ...input, mediaIds });
}

/** The counters of an account as they are stored, and as they should be. */
export function counters(ctx: Context, accountId: number) {
  return ctx.db
    .query<Record<string, number | null>, { accountId: number }>(
      `SELECT posts_count AS posts, followers_count AS followers, following_count AS following,
         last_post_at AS lastPostAt,
         (SELECT count(*) FROM posts WHERE account_id = $accountId AND archived_at IS NULL
           AND visibility IN ('public', 'unlisted') AND in_reply_to_account_id IS NULL) AS realPosts,
         (SELECT count(*) FROM follows WHERE followee_id = $accountId AND state = 'accepted')
           AS realFollowers,
         (SELECT count(*) FROM follows WHERE follower_id = $accountId AND state = 'accepted')
           AS realFollowing
       FROM accounts WHERE id = $accountId`,
    )
    .get({ accountId });
}

/** Counts the statements that `work` runs, but for the look at the clock for other connections' commits. */
export function countStatements(ctx: Context, work: () => unknown): number {
  const { db } = ctx;
  const original = db.query;
  let statements = 0;
  Object.assign(db, {
    query: (sql: string) => {
      if (!sql.startsWith('PRAGMA')) statements += 1;
      return original.call(db, sql);
    },
  });
  try {
    work();
  } finally {
    Object.assign(db, { query: original });
  }
  return statements;
}

/** The same for something that takes its time, like a request; looks at whether anything was written do not count. */
export async function countLooks(ctx: Context, work: () => Promise<unknown>): Promise<number> {
  const { db } = ctx;
  const original = db.query;
  let looks = 0;
  Object.assign(db, {
    query: (sql: string) => {
      if (!/^(PRAGMA|SELECT total_changes)/.test(sql)) looks += 1;
      return original.call(db, sql);
    },
  });
  try {
    await work();
  } finally {
    Object.assign(db, { query: original });
  }
  return looks;
}
