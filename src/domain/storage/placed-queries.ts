import type { Database } from 'bun:sqlite';
import type { BlobRow } from './queries.ts';

/** A file that lies in the bucket. */
export type PlacedRow = { name: string; bytes: number; local: 0 | 1 };

export type PlacedTotals = {
  files: number;
  bytes: number;
  /** Of these what has a copy on the disk. */
  localFiles: number;
  localBytes: number;
};

/** Notes that a file is in the bucket; the one on the disk is a copy from now on. */
export function insertPlaced(
  db: Database,
  row: { name: string; bytes: number; now: number; local: 0 | 1 },
): void {
  db.query(
    `INSERT INTO placed_blobs (name, bytes, placed_at, used_at, local)
     VALUES ($name, $bytes, $now, $now, $local)
     ON CONFLICT (name) DO UPDATE SET placed_at = excluded.placed_at, local = excluded.local`,
  ).run(row);
}

/** Whether a file is in the bucket. */
export function isPlaced(db: Database, name: string): boolean {
  return (
    db
      .query<{ one: 1 }, { name: string }>('SELECT 1 AS one FROM placed_blobs WHERE name = $name')
      .get({ name }) !== null
  );
}

/** Which of these files are in the bucket. */
export function findPlaced(db: Database, names: readonly string[]): Map<string, PlacedRow> {
  const rows = db
    .query<PlacedRow, { names: string }>(
      `SELECT name, bytes, local FROM placed_blobs
       WHERE name IN (SELECT value FROM json_each($names))`,
    )
    .all({ names: JSON.stringify(names) });
  return new Map(rows.map((row) => [row.name, row]));
}

/** Forgets that files are in the bucket. */
export function deletePlaced(db: Database, names: readonly string[]): void {
  db.query('DELETE FROM placed_blobs WHERE name IN (SELECT value FROM json_each($names))').run({
    names: JSON.stringify(names),
  });
}

/** True if any file is in the bucket. */
export function isAnyPlaced(db: Database): boolean {
  return db.query<{ one: 1 }, []>('SELECT 1 AS one FROM placed_blobs LIMIT 1').get() !== null;
}

/** What is in the bucket, and what of it on the disk, too. */
export function sumPlaced(db: Database): PlacedTotals {
  return (
    db
      .query<PlacedTotals, []>(
        `SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes,
           coalesce(sum(local), 0) AS localFiles, coalesce(sum(bytes * local), 0) AS localBytes
         FROM placed_blobs`,
      )
      .get() ?? { files: 0, bytes: 0, localFiles: 0, localBytes: 0 }
  );
}

/** Bytes of all copies on the disk. */
export function sumLocalCopies(db: Database): number {
  return (
    db
      .query<{ bytes: number }, []>(
        'SELECT coalesce(sum(bytes), 0) AS bytes FROM placed_blobs WHERE local = 1',
      )
      .get()?.bytes ?? 0
  );
}

/** Copies on the disk, those unused the longest first. */
export function listUnusedCopies(db: Database, limit: number): PlacedRow[] {
  return db
    .query<PlacedRow, { limit: number }>(
      `SELECT name, bytes, local FROM placed_blobs
       WHERE local = 1 ORDER BY used_at LIMIT $limit`,
    )
    .all({ limit });
}

/** Notes which files have a copy on the disk, or have none any more. */
export function setLocal(db: Database, names: readonly string[], local: 0 | 1): void {
  db.query(
    `UPDATE placed_blobs SET local = $local
     WHERE name IN (SELECT value FROM json_each($names)) AND local <> $local`,
  ).run({ names: JSON.stringify(names), local });
}

/** Notes when files were asked for: pairs of name and milliseconds. */
export function setUsed(db: Database, uses: readonly (readonly [string, number])[]): void {
  db.query(
    `UPDATE placed_blobs SET used_at = max(used_at, uses.at)
     FROM (SELECT value ->> 0 AS name, value ->> 1 AS at FROM json_each($uses)) AS uses
     WHERE placed_blobs.name = uses.name`,
  ).run({ uses: JSON.stringify(uses) });
}

/** Files that are in the bucket after a name, in order of names. */
export function listPlacedAfter(db: Database, after: string, limit: number): PlacedRow[] {
  return db
    .query<PlacedRow, { after: string; limit: number }>(
      `SELECT name, bytes, local FROM placed_blobs WHERE name > $after ORDER BY name LIMIT $limit`,
    )
    .all({ after, limit });
}

/** All stored files and their bytes. */
export function sumBlobs(db: Database): { files: number; bytes: number } {
  return (
    db
      .query<{ files: number; bytes: number }, []>(
        'SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes FROM blobs',
      )
      .get() ?? { files: 0, bytes: 0 }
  );
}

/** What a copy of a file must be. */
export type Wanted = Pick<BlobRow, 'name' | 'bytes' | 'sha256'>;
