import { Database } from 'bun:sqlite';
import { join } from 'node:path';

const PEOPLE = 500;
const FOLLOWED = 200;
/** Posts this new carry a photo, so that the first pages cost what real ones cost. */
const WITH_PHOTO = 20_000;
const SPREAD_MS = 300 * 86_400_000;

/**
 * Fills an instance with `posts` posts of 500 people, 200 of them followed by the owner; every
 * twentieth is the owner's own, every tenth a comment, every seventh carries a hashtag. Written with
 * SQL into the data of a server that is not running: through the API a million would take hours.
 */
export function fillPosts(data: string, posts: number): void {
  const db = new Database(join(data, 'tintype.db'), { strict: true });
  db.run('PRAGMA synchronous = OFF');
  db.run('PRAGMA cache_size = -400000');
  const owner = db.query<{ id: number }, []>(`SELECT id FROM accounts WHERE role = 'owner'`).get();
  if (!owner) throw new Error('There is no owner.');
  const step = Math.max(1, Math.floor(SPREAD_MS / posts));
  const base = { owner: owner.id, now: Date.now() };
  db.transaction(() => {
    db.query(people).run(base);
    db.query(preferences).run({ owner: owner.id });
    db.query(follows).run(base);
    db.query(written).run({ ...base, posts, step, photos: posts - WITH_PHOTO });
    db.run(`INSERT INTO tags (id, name, display, created_at) VALUES (1, 'walk', 'Walk', 0)`);
    db.run('INSERT INTO post_tags (tag_id, post_id) SELECT 1, id FROM posts WHERE id % 7 = 0');
    db.run(photos);
    for (const [name, type, width] of renditions) {
      db.query(blobs).run({ name, type });
      db.query(files).run({ name, width, height: (width * 3) / 4 });
    }
    db.run(counts);
  })();
  db.run('PRAGMA optimize');
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

/** 1 … N, as a table. */
const numbers = (most: string) =>
  `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${most})`;

const people = `INSERT INTO accounts (id, username, role, display_name, created_at)
  ${numbers(String(PEOPLE))}
  SELECT $owner + n, 'person' || n, 'member', 'Person ' || n, $now FROM numbers`;

const preferences =
  'INSERT INTO preferences (account_id) SELECT id FROM accounts WHERE id <> $owner';

const follows = `INSERT INTO follows (follower_id, followee_id, state, created_at)
  ${numbers(String(FOLLOWED))}
  SELECT $owner, $owner + n, 'accepted', $now FROM numbers`;

const author = (n: string) =>
  `CASE WHEN (${n}) % 20 = 0 THEN $owner ELSE $owner + 1 + (${n}) % ${PEOPLE} END`;
const time = (n: string) => `$now - ($posts - (${n})) * $step`;
const id = (n: string) => `(${time(n)}) * 2048 + (${n}) % 2048`;

// A comment answers the post before it.
const written = `INSERT INTO posts (id, account_id, audience_id, visibility, caption, caption_html,
    in_reply_to_id, in_reply_to_account_id, media_count, replies_count, published_at)
  ${numbers('$posts')}
  SELECT ${id('n')}, ${author('n')}, ${author('n')}, 'public',
    'Morning walk number ' || n || ' along the river',
    '<p>Morning walk number ' || n || ' along the river</p>',
    CASE WHEN n % 10 = 7 THEN ${id('n - 1')} END, CASE WHEN n % 10 = 7 THEN ${author('n - 1')} END,
    n % 10 <> 7 AND n > $photos, n % 10 = 6 AND n < $posts, ${time('n')}
  FROM numbers`;

const photos = `INSERT INTO media (id, account_id, post_id, source_mime, source_bytes, width, height,
    blurhash, description, created_at, updated_at)
  SELECT id, account_id, id, 'image/jpeg', 4000000, 2048, 1536, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    'A path along a river', published_at, published_at
  FROM posts WHERE media_count = 1`;

const renditions = [
  ['large', 'jpg', 2048],
  ['medium', 'webp', 1080],
  ['small', 'webp', 480],
] as const;

// Names of the length that real ones have.
const blobName = `substr(id || $name || 'aaaaaaaaaaaaaaaa', 1, 26)`;

const blobs = `INSERT INTO blobs (name, account_id, purpose, mime, bytes, sha256, created_at)
  SELECT ${blobName} || '.' || $type, account_id, 'rendition',
    CASE $type WHEN 'jpg' THEN 'image/jpeg' ELSE 'image/webp' END, 200000, hex(id), created_at
  FROM media`;

const files = `INSERT INTO renditions (media_id, name, blob_name, width, height)
  SELECT id, $name, ${blobName} || CASE $name WHEN 'large' THEN '.jpg' ELSE '.webp' END,
    $width, $height
  FROM media`;

const counts = `UPDATE accounts SET posts_count = (SELECT count(*) FROM posts p
    WHERE p.account_id = accounts.id AND p.in_reply_to_account_id IS NULL),
  following_count = (SELECT count(*) FROM follows f WHERE f.follower_id = accounts.id),
  followers_count = (SELECT count(*) FROM follows f WHERE f.followee_id = accounts.id),
  last_post_at = (SELECT max(published_at) FROM posts p WHERE p.account_id = accounts.id)`;
