import type { Database } from 'bun:sqlite';
import type { RemoteMediaKind, RemoteMediaVariant } from './remote-address.ts';

export type CachedRow = {
  name: string;
  kind: RemoteMediaKind;
  subjectId: number;
  variant: RemoteMediaVariant;
  sourceUrl: string;
  mime: string;
  bytes: number;
  width: number;
  height: number;
  fetchedAt: number;
  usedAt: number;
};

const COLUMNS = `name, kind, subject_id AS subjectId, variant, source_url AS sourceUrl, mime, bytes,
  width, height, fetched_at AS fetchedAt, used_at AS usedAt`;

type Subject = { kind: RemoteMediaKind; id: number };

/** Our copy of a remote picture, or null. */
export function findCached(
  db: Database,
  subject: Subject,
  variant: RemoteMediaVariant,
): CachedRow | null {
  return db
    .query<CachedRow, { kind: string; id: number; variant: string }>(
      `SELECT ${COLUMNS} FROM cached_media
       WHERE kind = $kind AND subject_id = $id AND variant = $variant`,
    )
    .get({ kind: subject.kind, id: subject.id, variant });
}

/** Notes a copy whose file is in its place. */
export function insertCached(db: Database, row: CachedRow): void {
  db.query(
    `INSERT INTO cached_media (name, kind, subject_id, variant, source_url, mime, bytes, width,
       height, fetched_at, used_at)
     VALUES ($name, $kind, $subjectId, $variant, $sourceUrl, $mime, $bytes, $width, $height,
       $fetchedAt, $usedAt)`,
  ).run(row);
}

/** Forgets the copies of one picture; the answer is what has to go from the disk. */
export function deleteCachedOf(db: Database, { kind, id }: Subject): CachedFile[] {
  return db
    .query<CachedFile, Subject>(
      'DELETE FROM cached_media WHERE kind = $kind AND subject_id = $id RETURNING name, bytes',
    )
    .all({ kind, id });
}

export type CachedFile = { name: string; bytes: number };

/** Forgets copies by name. */
export function deleteCached(db: Database, names: readonly string[]): CachedFile[] {
  return db
    .query<CachedFile, { names: string }>(
      `DELETE FROM cached_media WHERE name IN (SELECT value FROM json_each($names))
       RETURNING name, bytes`,
    )
    .all({ names: JSON.stringify(names) });
}

/** What nobody looked at the longest. */
export function listLongestUnused(db: Database, limit: number): CachedFile[] {
  return db
    .query<CachedFile, { limit: number }>(
      'SELECT name, bytes FROM cached_media ORDER BY used_at, name LIMIT $limit',
    )
    .all({ limit });
}

/** Copies after a name, in order of names: for walks over all of them. */
export function listCachedAfter(db: Database, after: string, limit: number): CachedFile[] {
  return db
    .query<CachedFile, { after: string; limit: number }>(
      'SELECT name, bytes FROM cached_media WHERE name > $after ORDER BY name LIMIT $limit',
    )
    .all({ after, limit });
}

/** Those of the names that have a row. */
export function findCachedNames(db: Database, names: readonly string[]): Set<string> {
  const rows = db
    .query<{ name: string }, { names: string }>(
      'SELECT name FROM cached_media WHERE name IN (SELECT value FROM json_each($names))',
    )
    .all({ names: JSON.stringify(names) });
  return new Set(rows.map((row) => row.name));
}

/** Copies of photos that are gone, with their post or by an edit. */
export function listCachedOfGone(db: Database, limit: number): string[] {
  return db
    .query<{ name: string }, { limit: number }>(
      `SELECT name FROM cached_media AS c WHERE c.kind = 'photo'
         AND NOT EXISTS (SELECT 1 FROM media AS m WHERE m.id = c.subject_id) LIMIT $limit`,
    )
    .all({ limit })
    .map((row) => row.name);
}

/** How many copies there are and what they take up. */
export function sumCached(db: Database): { files: number; bytes: number } {
  return (
    db
      .query<{ files: number; bytes: number }, []>(
        'SELECT count(*) AS files, ifnull(sum(bytes), 0) AS bytes FROM cached_media',
      )
      .get() ?? { files: 0, bytes: 0 }
  );
}

/** Notes that copies were looked at. */
export function touchCached(db: Database, names: readonly string[], now: number): void {
  db.query(
    'UPDATE cached_media SET used_at = $now WHERE name IN (SELECT value FROM json_each($names))',
  ).run({ names: JSON.stringify(names), now });
}

export type CacheFailure = { attempts: number; retryAt: number };

/** How often a picture could not be had, and when it may be tried again; null if it never failed. */
export function findCacheFailure(db: Database, { kind, id }: Subject): CacheFailure | null {
  return db
    .query<CacheFailure, Subject>(
      `SELECT attempts, retry_at AS retryAt FROM cache_failures
       WHERE kind = $kind AND subject_id = $id`,
    )
    .get({ kind, id });
}

/** Notes another failure. */
export function saveCacheFailure(db: Database, failure: Subject & CacheFailure): void {
  db.query(
    `INSERT INTO cache_failures (kind, subject_id, attempts, retry_at)
     VALUES ($kind, $id, $attempts, $retryAt)
     ON CONFLICT (kind, subject_id) DO UPDATE SET attempts = excluded.attempts,
       retry_at = excluded.retry_at`,
  ).run(failure);
}

/** Forgets that a picture failed. */
export function deleteCacheFailure(db: Database, { kind, id }: Subject): void {
  db.query('DELETE FROM cache_failures WHERE kind = $kind AND subject_id = $id').run({ kind, id });
}

/** Forgets failures that nobody came back to. */
export function deleteOldCacheFailures(db: Database, before: number): number {
  return db.query('DELETE FROM cache_failures WHERE retry_at < $before').run({ before }).changes;
}

/** Fills in what the other server had not told of a photo. */
export function completeRemotePhoto(
  db: Database,
  found: { id: number; width: number; height: number; blurhash: string },
): void {
  db.query(
    `UPDATE media SET width = $width, height = $height,
       blurhash = CASE WHEN blurhash = '' THEN $blurhash ELSE blurhash END
     WHERE id = $id AND remote_url IS NOT NULL AND (width = 0 OR height = 0 OR blurhash = '')`,
  ).run(found);
}
