import { AppError } from '#base/core/errors.ts';
import type { MediaBucket } from '#base/platform/media-bucket.ts';
import type { Wanted } from './placed-queries.ts';

/** Bytes of a part, and of the largest file that goes in one request. */
const PART = 5 * 1024 * 1024;

/**
 * Copies a file into the bucket and makes sure that it is there whole. The bytes are hashed on the
 * way, so what goes is what the row says (else `invalid`, and nothing was sent); then the store is
 * asked what it has. Its ETag is the MD5 of what it received, which costs one small request; where a
 * store calculates another way (large files, its own encryption), the whole file is read back.
 * Throws `not_found` if the file is missing, `unavailable` if the store does not do it.
 */
export async function sendToBucket(
  bucket: MediaBucket,
  path: string,
  wanted: Wanted,
): Promise<void> {
  const file = Bun.file(path);
  if (!(await file.exists())) throw new AppError('not_found', `${wanted.name} is not on the disk.`);
  const etag =
    file.size <= PART
      ? await sendWhole(bucket, path, wanted)
      : await sendParts(bucket, path, wanted);
  const facts = await bucket.facts(wanted.name);
  if (facts?.bytes === wanted.bytes && facts.etag === etag) return;
  const kept = await hashRemote(bucket, wanted);
  if (kept !== wanted.sha256) {
    throw new AppError('unavailable', `The store did not keep ${wanted.name} as it was sent.`);
  }
}

/** SHA-256 in hex of what the bucket has under a name. */
export async function hashRemote(bucket: MediaBucket, { name, bytes }: Wanted): Promise<string> {
  const hash = new Bun.CryptoHasher('sha256');
  let seen = 0;
  for await (const piece of await bucket.open(name, null)) {
    hash.update(piece);
    seen += piece.byteLength;
    if (seen > bytes) return '';
  }
  return hash.digest('hex');
}

async function sendWhole(bucket: MediaBucket, path: string, wanted: Wanted): Promise<string> {
  const bytes = await Bun.file(path).bytes();
  const sha256 = new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
  if (sha256 !== wanted.sha256) throw changed(wanted);
  await bucket.put(wanted.name, bytes);
  return new Bun.CryptoHasher('md5').update(bytes).digest('hex');
}

async function sendParts(bucket: MediaBucket, path: string, wanted: Wanted): Promise<string> {
  const hash = new Bun.CryptoHasher('sha256');
  const parts: Buffer[] = [];
  let md5 = new Bun.CryptoHasher('md5');
  let held = 0;
  const pieces = async function* () {
    for await (const piece of Bun.file(path).stream()) {
      hash.update(piece);
      for (let at = 0; at < piece.byteLength; ) {
        const part = piece.subarray(at, at + PART - held);
        md5.update(part);
        held += part.byteLength;
        at += part.byteLength;
        if (held < PART) continue;
        parts.push(md5.digest());
        md5 = new Bun.CryptoHasher('md5');
        held = 0;
      }
      yield piece;
    }
    // Thrown before the end, nothing appears in the bucket.
    if (hash.digest('hex') !== wanted.sha256) throw changed(wanted);
  };
  await bucket.putParts(wanted.name, pieces());
  if (held > 0) parts.push(md5.digest());
  const all = new Bun.CryptoHasher('md5').update(Buffer.concat(parts)).digest('hex');
  return `${all}-${parts.length}`;
}

function changed({ name }: Wanted): AppError {
  return new AppError('invalid', `${name} on the disk is not what was uploaded.`);
}
