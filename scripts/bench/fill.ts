import { Database } from 'bun:sqlite';
import { join } from 'node:path';

const PEOPLE = 500;
const FOLLOWED = 200;
/** Posts this new carry a photo, so that the first pages cost what real ones cost. */
const WITH_PHOTO = 20_000;

/**
 * Fills an instance with `posts` posts of 500 people, 200 of them followed by the owner. Written with
 * SQL into the data directory of a server that is not running: through the API a million would take hours.
 */
export function fillPosts(data: string, posts: number): void {
  const db = new Database(join(data, 'tintype.db'), { strict: true });
  db.run('PRAGMA synchronous = OFF');
  const owner = db
    .query<{ id: number }, []>("SELECT id FROM accounts WHERE role = 'owner'")
    .get()?.id;
  if (owner === undefined) throw new Error('There is no owner.');
  const now = Date.now();
  const statements = prepare(db);
  db.transaction(() => {
    for (let person = 1; person <= PEOPLE; person += 1) {
      const id = owner + person;
      statements.account.run({ id, username: `person${person}`, name: `Person ${person}`, now });
      if (person <= FOLLOWED) statements.follow.run({ owner, id, now });
    }
    const step = Math.max(1, Math.floor((300 * 86_400_000) / posts));
    for (let index = 0; index < posts; index += 1) {
      const at = now - (posts - index) * step;
      const id = at * 2048 + (index % 2048);
      // Every twentieth is the owner's own: they make the profile page.
      const author = index % 20 === 0 ? owner : owner + 1 + (index % PEOPLE);
      const photo = posts - index <= WITH_PHOTO ? 1 : 0;
      statements.post.run({
        id,
        author,
        at,
        photo,
        caption: `Morning walk number ${index} along the river`,
      });
      if (photo === 1) addPhoto(statements, id, author, at);
    }
    db.run(
      'UPDATE accounts SET posts_count = (SELECT count(*) FROM posts WHERE account_id = accounts.id)',
    );
  })();
  db.run('PRAGMA optimize');
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

type Statements = ReturnType<typeof prepare>;

function prepare(db: Database) {
  return {
    account: db.query(
      `INSERT INTO accounts (id, username, role, display_name, created_at)
       VALUES ($id, $username, 'member', $name, $now)`,
    ),
    follow: db.query(
      `INSERT INTO follows (follower_id, followee_id, state, created_at) VALUES ($owner, $id, 'accepted', $now)`,
    ),
    post: db.query(
      `INSERT INTO posts (id, account_id, visibility, caption, caption_html, media_count, published_at)
       VALUES ($id, $author, 'public', $caption, '<p>' || $caption || '</p>', $photo, $at)`,
    ),
    media: db.query(
      `INSERT INTO media (id, account_id, post_id, source_mime, source_bytes, width, height, blurhash, description, created_at, updated_at)
       VALUES ($id, $author, $id, 'image/jpeg', 4000000, 2048, 1536, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 'A path along a river', $at, $at)`,
    ),
    blob: db.query(
      `INSERT INTO blobs (name, account_id, purpose, mime, bytes, sha256, created_at)
       VALUES ($name, $author, 'rendition', $mime, 200000, $name, $at)`,
    ),
    rendition: db.query(
      'INSERT INTO renditions (media_id, name, blob_name, width, height) VALUES ($id, $rendition, $name, $width, $height)',
    ),
  };
}

function addPhoto(statements: Statements, id: number, author: number, at: number): void {
  statements.media.run({ id, author, at });
  for (const [rendition, extension, width] of [
    ['large', 'jpg', 2048],
    ['medium', 'webp', 1080],
    ['small', 'webp', 480],
  ] as const) {
    const name = `bench${id}${rendition}`
      .padEnd(26, 'a')
      .replace(/[0189]/g, 'b')
      .slice(0, 40)
      .concat(`.${extension}`);
    statements.blob.run({
      name,
      author,
      at,
      mime: extension === 'jpg' ? 'image/jpeg' : 'image/webp',
    });
    statements.rendition.run({ id, rendition, name, width, height: (width * 3) / 4 });
  }
}
