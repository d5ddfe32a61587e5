import type { Database } from 'bun:sqlite';

export type ProbeFile = { name: string; bytes: number; sha256: string };

/** The files that came last, and as many from a place in the (random) order of names. */
export function findProbeFiles(db: Database, from: string, count: number): ProbeFile[] {
  return db
    .query<ProbeFile, { from: string; count: number }>(
      `SELECT name, bytes, sha256 FROM (
         SELECT name, bytes, sha256 FROM blobs ORDER BY created_at DESC LIMIT $count)
       UNION SELECT name, bytes, sha256 FROM (
         SELECT name, bytes, sha256 FROM blobs WHERE name >= $from ORDER BY name LIMIT $count)`,
    )
    .all({ from, count });
}
