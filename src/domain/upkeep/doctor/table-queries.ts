import type { Database } from 'bun:sqlite';

/** How many rows point to something that is gone, by table. */
export function countBrokenReferences(db: Database): { table: string; count: number }[] {
  return db
    .query<{ table: string; count: number }, []>(
      'SELECT "table", count(*) AS count FROM pragma_foreign_key_check GROUP BY "table"',
    )
    .all();
}

/** True if SQLite has statistics of its own about the posts. */
export function hasStatistics(db: Database): boolean {
  const table = db
    .query<{ n: number }, []>(`SELECT count(*) AS n FROM sqlite_master WHERE name = 'sqlite_stat1'`)
    .get();
  if (!table?.n) return false;
  const row = db
    .query<{ n: number }, []>(`SELECT count(*) AS n FROM sqlite_stat1 WHERE tbl = 'posts'`)
    .get();
  return (row?.n ?? 0) > 0;
}

/** The newest of the ids that are made of the time; 0 without any. */
export function findNewestPost(db: Database): number {
  return db.query<{ id: number | null }, []>('SELECT max(id) AS id FROM posts').get()?.id ?? 0;
}

/** The name by which the owner is asked for at our own address; null before set-up. */
export function findOwnerName(db: Database): string | null {
  const row = db
    .query<{ username: string }, []>(`SELECT username FROM accounts WHERE role = 'owner'`)
    .get();
  return row?.username ?? null;
}

/** How many people and posts there are here. */
export function countPosts(db: Database): number {
  return db.query<{ n: number }, []>('SELECT count(*) AS n FROM posts').get()?.n ?? 0;
}
