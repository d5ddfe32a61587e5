import { Database } from 'bun:sqlite';
import { join } from 'node:path';

const COMMENTS = 100;

/** What a bench of the client API asks for. */
export type ForApps = { owner: number; post: number };

/**
 * Adds to a filled instance that is not running what apps look at: a post of the owner with 100
 * comments below it, news of 100 likes, and the index of words.
 */
export function fillForApps(data: string): ForApps {
  const db = new Database(join(data, 'tintype.db'), { strict: true });
  db.run('PRAGMA synchronous = OFF');
  db.run('PRAGMA cache_size = -400000');
  const owner = db.query<{ id: number }, []>(`SELECT id FROM accounts WHERE role = 'owner'`).get();
  const post = db
    .query<{ id: number }, { owner: number }>(
      `SELECT id FROM posts WHERE account_id = $owner AND media_count = 1 ORDER BY id DESC LIMIT 1`,
    )
    .get({ owner: owner?.id ?? 0 });
  if (!owner || !post) throw new Error('There is no post of the owner.');
  const params = { owner: owner.id, post: post.id };
  db.transaction(() => {
    db.query(comments).run(params);
    db.query('UPDATE posts SET replies_count = replies_count + 100 WHERE id = $post').run({
      post: post.id,
    });
    db.query(likes).run(params);
    db.query(news).run(params);
    db.run('DELETE FROM post_words');
    db.run('INSERT INTO post_words (rowid, words) SELECT id, words FROM post_texts');
  })();
  db.run('PRAGMA optimize');
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return params;
}

const numbers = `WITH RECURSIVE numbers (n) AS (
  SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${COMMENTS})`;

// Newer than the post, so that they come after it.
const comments = `INSERT INTO posts (id, account_id, audience_id, visibility, caption, caption_html,
    in_reply_to_id, in_reply_to_account_id, media_count, published_at)
  ${numbers}
  SELECT $post + n * 7 + 1, $owner + n, $owner + n, 'public', 'A comment ' || n,
    '<p>A comment ' || n || '</p>', $post, $owner, 0, $post / 2048 + n
  FROM numbers`;

const likes = `INSERT INTO likes (post_id, account_id, created_at)
  ${numbers} SELECT $post, $owner + n, 1000 + n FROM numbers`;

const news = `INSERT INTO notifications (id, account_id, type, from_id, post_id, created_at)
  ${numbers}
  SELECT ($post / 2048 + n) * 2048 + 5, $owner, 'favourite', $owner + n, $post, $post / 2048 + n
  FROM numbers`;
