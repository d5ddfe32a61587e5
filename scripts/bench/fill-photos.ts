import { Database } from 'bun:sqlite';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomName } from '#base/core/secrets.ts';

const EVERY_MS = 3_600_000;

type Kind = {
  name: 'original' | 'large' | 'medium' | 'small';
  width: number;
  extension: 'jpg' | 'webp';
};
const KINDS: readonly Kind[] = [
  { name: 'original', width: 1600, extension: 'jpg' },
  { name: 'large', width: 1400, extension: 'jpg' },
  { name: 'medium', width: 1080, extension: 'webp' },
  { name: 'small', width: 480, extension: 'webp' },
];

/**
 * Gives the owner `count` posts with a photo each: four files, no two alike, each a picture that can
 * be decoded; some 0.5 MB a photo. Written with SQL into the data of a server that is not running.
 * Answers the bytes of all files.
 */
export async function fillPhotos(data: string, count: number): Promise<number> {
  const pictures = new Map<string, Buffer>();
  for (const kind of KINDS) pictures.set(kind.name, await picture(kind));
  const db = new Database(join(data, 'tintype.db'), { strict: true });
  db.run('PRAGMA synchronous = OFF');
  const owner = db.query<{ id: number }, []>(`SELECT id FROM accounts WHERE role = 'owner'`).get();
  if (!owner) throw new Error('There is no owner.');
  const begin = Date.now() - count * EVERY_MS;
  const sums = { original: 0, rest: 0 };
  db.transaction(() => {
    for (let n = 0; n < count; n += 1) {
      const at = begin + n * EVERY_MS;
      const id = at * 2048;
      db.query(POST).run({ id, owner: owner.id, at, caption: `Morning walk number ${n}` });
      let original = '';
      const rows: { kind: Kind; name: string }[] = [];
      for (const kind of KINDS) {
        const bytes = unlike(pictures.get(kind.name) ?? Buffer.alloc(0), kind, n);
        const name = `${randomName(16)}.${kind.extension}`;
        const folder = join(data, 'media/local', name.slice(0, 2));
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(join(folder, name), bytes, { mode: 0o600 });
        db.query(BLOB).run({
          name,
          owner: owner.id,
          purpose: kind.name === 'original' ? 'original' : 'rendition',
          mime: kind.extension === 'jpg' ? 'image/jpeg' : 'image/webp',
          bytes: bytes.length,
          sha256: new Bun.CryptoHasher('sha256').update(bytes).digest('hex'),
          at,
        });
        if (kind.name === 'original') {
          original = name;
          sums.original += bytes.length;
        } else {
          rows.push({ kind, name });
          sums.rest += bytes.length;
        }
      }
      const size = pictures.get('original')?.length ?? 0;
      db.query(MEDIA).run({ id: id + 1, post: id, owner: owner.id, original, size, at });
      for (const { kind, name } of rows) {
        const height = (kind.width * 3) / 4;
        db.query(RENDITION).run({ id: id + 1, kind: kind.name, name, width: kind.width, height });
      }
    }
    db.query(USAGE).run({ owner: owner.id, original: sums.original, rest: sums.rest });
    db.query('UPDATE accounts SET posts_count = $count WHERE id = $owner').run({
      count,
      owner: owner.id,
    });
  })();
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return sums.original + sums.rest;
}

const POST = `INSERT INTO posts (id, account_id, audience_id, visibility, caption, caption_html,
    media_count, published_at)
  VALUES ($id, $owner, $owner, 'public', $caption, '<p>' || $caption || '</p>', 1, $at)`;
const BLOB = `INSERT INTO blobs (name, account_id, purpose, mime, bytes, sha256, created_at)
  VALUES ($name, $owner, $purpose, $mime, $bytes, $sha256, $at)`;
const MEDIA = `INSERT INTO media (id, account_id, post_id, source_mime, source_bytes, original_blob,
    width, height, blurhash, description, created_at, updated_at)
  VALUES ($id, $owner, $post, 'image/jpeg', $size, $original, 1600, 1200,
    'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 'A path along a river', $at, $at)`;
const RENDITION = `INSERT INTO renditions (media_id, name, blob_name, width, height)
  VALUES ($id, $kind, $name, $width, $height)`;
const USAGE = `INSERT INTO usage (account_id, original_bytes, rendition_bytes)
  VALUES ($owner, $original, $rest)
  ON CONFLICT (account_id) DO UPDATE SET original_bytes = $original, rendition_bytes = $rest`;

async function picture({ width, extension }: Kind): Promise<Buffer> {
  const sharp = (await import('sharp')).default;
  const noise = { type: 'gaussian', mean: 128, sigma: 18 } as const;
  const height = (width * 3) / 4;
  const made = sharp({ create: { width, height, channels: 3, background: '#567', noise } });
  return extension === 'jpg'
    ? await made.jpeg({ quality: 60 }).toBuffer()
    : await made.webp({ quality: 50 }).toBuffer();
}

/** The same picture in other bytes: a comment of a JPEG, or what lies behind the end of a WebP. */
function unlike(picture: Buffer, { extension }: Kind, n: number): Buffer {
  const mark = Buffer.from(`photo ${String(n).padStart(10, '0')}`);
  if (extension === 'webp') return Buffer.concat([picture, mark]);
  const head = Buffer.from([0xff, 0xfe, 0, mark.length + 2]);
  return Buffer.concat([picture.subarray(0, 2), head, mark, picture.subarray(2)]);
}
