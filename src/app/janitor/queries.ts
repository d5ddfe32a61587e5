import type { Database } from 'bun:sqlite';

type Found = { items: number; bytes: number };

/** Photos that were uploaded before a time and never published, with all their files. */
export function sumUnattached(db: Database, before: number): Found {
  return one(
    db
      .query<Found, { before: number }>(
        `WITH loose AS (
           SELECT id, original_blob FROM media
           WHERE post_id IS NULL AND created_at < $before AND updated_at < $before
             AND id NOT IN (SELECT j.value FROM scheduled_posts s, json_each(s.input, '$.mediaIds') j))
         SELECT (SELECT count(*) FROM loose) AS items, (SELECT ifnull(sum(bytes), 0) FROM blobs
           WHERE name IN (SELECT original_blob FROM loose UNION ALL
             SELECT blob_name FROM renditions WHERE media_id IN (SELECT id FROM loose))) AS bytes`,
      )
      .get({ before }),
  );
}

/** Sessions, links, codes and tokens of apps that are over. */
export function countOver(db: Database, now: number): number {
  const row = db
    .query<{ n: number }, { now: number; day: number }>(
      `SELECT (SELECT count(*) FROM sessions WHERE expires_at <= $now / 1000)
         + (SELECT count(*) FROM one_time_codes WHERE expires_at <= $now)
         + (SELECT count(*) FROM app_tokens WHERE expires_at <= $now)
         + (SELECT count(*) FROM oauth_codes WHERE expires_at < $now - $day)
         + (SELECT count(*) FROM invites WHERE uses_left <= 0 OR expires_at <= $now) AS n`,
    )
    .get({ now, day: 86_400_000 });
  return row?.n ?? 0;
}

/** Notes of activities that were seen so long ago that nobody could send them again. */
export function countSeen(db: Database, before: number): number {
  const row = db
    .query<{ n: number }, { before: number }>(
      'SELECT count(*) AS n FROM inbox_seen WHERE seen_at < $before',
    )
    .get({ before });
  return row?.n ?? 0;
}

/** Deliveries that ended before a time. */
export function countEnded(db: Database, before: number): number {
  const row = db
    .query<{ n: number }, { before: number }>(
      'SELECT count(*) AS n FROM deliveries WHERE finished_at < $before',
    )
    .get({ before });
  return row?.n ?? 0;
}

/** Archives whose day has come. */
export function sumExpiredExports(db: Database, now: number): Found {
  return one(
    db
      .query<Found, { now: number }>(
        `SELECT count(*) AS items, ifnull(sum(bytes), 0) AS bytes FROM exports
         WHERE state = 'done' AND ifnull(expires_at, 0) <= $now`,
      )
      .get({ now }),
  );
}

/** Names of the archives that are there or on their way. */
export function listExportFiles(db: Database): string[] {
  return db
    .query<{ file: string }, []>(
      "SELECT file FROM exports WHERE file IS NOT NULL AND state <> 'failed'",
    )
    .all()
    .map((row) => row.file);
}

function one(row: Found | null): Found {
  return row ?? { items: 0, bytes: 0 };
}
