import type { Database } from 'bun:sqlite';

/** What there was at the end of a day (milliseconds at its beginning, UTC); bytes. */
export type StorageDayRow = {
  day: number;
  originals: number;
  renditions: number;
  cache: number;
  database: number;
  free: number;
};

/** Writes the row of a day, over an earlier one of the same day. */
export function saveStorageDay(db: Database, row: StorageDayRow): void {
  db.query(
    `INSERT INTO storage_days (day, originals, renditions, cache, database, free)
     VALUES ($day, $originals, $renditions, $cache, $database, $free)
     ON CONFLICT (day) DO UPDATE SET originals = excluded.originals,
       renditions = excluded.renditions, cache = excluded.cache, database = excluded.database,
       free = excluded.free`,
  ).run(row);
}

/** The last days, the oldest first. */
export function listStorageDays(db: Database, limit: number): StorageDayRow[] {
  return db
    .query<StorageDayRow, { limit: number }>(
      `SELECT day, originals, renditions, cache, database, free FROM storage_days
       ORDER BY day DESC LIMIT $limit`,
    )
    .all({ limit })
    .reverse();
}

/** Forgets days before a moment; gives how many. */
export function deleteStorageDays(db: Database, before: number): number {
  return db.query('DELETE FROM storage_days WHERE day < $before').run({ before }).changes;
}

/** What our own files take up by what they are for, the largest first. */
export function sumFilesByKind(db: Database): { kind: string; bytes: number; files: number }[] {
  return db
    .query<{ kind: string; bytes: number; files: number }, []>(
      `SELECT purpose AS kind, sum(bytes) AS bytes, count(*) AS files FROM blobs
       GROUP BY purpose ORDER BY bytes DESC`,
    )
    .all();
}
