import type { Database } from 'bun:sqlite';

/** Messages to phones that waited: they told of something then, and were sent since or are of no use. */
export function dropPushes(db: Database): number {
  return db.query(`DELETE FROM jobs WHERE kind = 'push.send'`).run().changes;
}

/** Posts whose time is over are not published by themselves any more; their authors read why. */
export function holdOverdue(db: Database, now: number, problem: string): number {
  db.query(
    `DELETE FROM jobs WHERE kind = 'posts.publish_scheduled' AND state <> 'dead' AND unique_key IN
       (SELECT CAST(id AS TEXT) FROM scheduled_posts WHERE scheduled_at <= $now)`,
  ).run({ now });
  return db
    .query(
      'UPDATE scheduled_posts SET problem = $problem WHERE scheduled_at <= $now AND problem IS NULL',
    )
    .run({ now, problem }).changes;
}

/** Accounts whose last day came in the meantime, or comes soon, stay until `until`. */
export function postponePurges(db: Database, until: number): number {
  db.query(
    `UPDATE jobs SET run_at = $until
     WHERE kind = 'membership.purge' AND state <> 'dead' AND run_at < $until`,
  ).run({ until });
  return db
    .query('UPDATE accounts SET deletion_at = $until WHERE deletion_at < $until')
    .run({ until }).changes;
}

/** Lets everything that waits for other servers begin after `from`, spread over `span` milliseconds. */
export function spreadDeliveries(db: Database, from: number, span: number): number {
  const spread = { from, span };
  db.query(
    `UPDATE jobs SET run_at = $from + id % $span
     WHERE kind = 'federation.distribute' AND state <> 'dead' AND run_at < $from`,
  ).run(spread);
  return db
    .query(
      `UPDATE deliveries SET run_at = $from + id % $span WHERE state = 'waiting' AND run_at < $from`,
    )
    .run(spread).changes;
}

/** Archives and imports have no files any more; copies of remote pictures are fetched again. */
export function forgetFiles(db: Database, now: number, detail: string): void {
  db.run('DELETE FROM exports');
  db.query(
    `UPDATE imports SET state = 'failed', file = NULL, detail = $detail, finished_at = $now
     WHERE state NOT IN ('done', 'failed', 'cancelled', 'removed')`,
  ).run({ now, detail });
  db.run('UPDATE imports SET file = NULL');
  db.run('DELETE FROM cached_media');
  db.run('DELETE FROM cache_failures');
  // Photos are on the disk now, and the bucket may belong to the data of before: it is asked anew.
  db.run('DELETE FROM placed_blobs');
  db.run(`DELETE FROM settings WHERE key = 'media.claim'`);
  db.run(`DELETE FROM jobs WHERE kind = 'storage.place'`);
}

/** The backup that was being made when this copy of the database was taken is the one at hand. */
export function closeOpenRuns(db: Database, takenAt: number): void {
  db.query(
    `UPDATE backup_runs SET outcome = CASE kind WHEN 'create' THEN 'done' ELSE 'interrupted' END,
       finished_at = $takenAt
     WHERE outcome = 'running'`,
  ).run({ takenAt });
}

/** Nobody is signed in any more, and no app. */
export function endAllLogins(db: Database): void {
  db.run('DELETE FROM sessions');
  db.run('DELETE FROM access_tokens');
  db.run('DELETE FROM oauth_codes');
}

/** How many are signed in: browsers and apps. */
export function countLogins(db: Database): number {
  const sql = 'SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM access_tokens) AS n';
  return db.query<{ n: number }, []>(sql).get()?.n ?? 0;
}
