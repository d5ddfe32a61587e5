import type { Database } from 'bun:sqlite';

export type NewActivity = {
  id: number;
  accountId: number;
  keyId: string;
  postId: number | null;
  type: string;
  uri: string;
  source: string;
  body: string;
  now: number;
};

/** Writes an activity, or finds the one that an earlier run of the same job wrote; gives its row id. */
export function insertActivity(db: Database, activity: NewActivity): number {
  const row = db
    .query<{ id: number }, NewActivity>(
      `INSERT INTO activities (id, account_id, key_id, post_id, type, uri, source, body, created_at)
       VALUES ($id, $accountId, $keyId, $postId, $type, $uri, $source, $body, $now)
       ON CONFLICT (source) DO UPDATE SET source = excluded.source RETURNING id`,
    )
    .get(activity);
  return row?.id ?? activity.id;
}

/** Writes a delivery that is due when its server may be tried again; a second one to the same inbox changes nothing. */
export function insertDelivery(
  db: Database,
  delivery: { id: number; activityId: number; inbox: string; host: string; now: number },
): void {
  db.query(
    `INSERT INTO deliveries (id, activity_id, inbox, host, run_at)
     VALUES ($id, $activityId, $inbox, $host,
       max($now, ifnull((SELECT retry_at FROM hosts WHERE host = $host), 0)))
     ON CONFLICT (activity_id, inbox) DO NOTHING`,
  ).run(delivery);
}

/**
 * Takes back what still waits of activities that nothing more is to be said about: an Undo, a Delete
 * or a newer text comes. What was tried may have arrived all the same, so that one follows anyway.
 */
export function cancelWaiting(
  db: Database,
  what: {
    postId: number | null;
    uri: string | null;
    types: readonly string[];
    /** Source of the newer activity, which stays. */
    except: string;
    now: number;
  },
): void {
  db.query(
    `UPDATE deliveries SET state = 'dropped', finished_at = $now
     WHERE state = 'waiting' AND activity_id IN (SELECT id FROM activities
       WHERE (post_id = $postId OR uri = $uri)
         AND source <> $except AND source NOT GLOB $except || '@*' AND type IN (SELECT value FROM json_each($types)))`,
  ).run({ ...what, types: JSON.stringify(what.types) });
}

/** Takes back what still waits of an account: of one type that is about no post, or (`null`) all of it. */
export function cancelOfAccount(
  db: Database,
  what: { accountId: number; type: string | null; except: string; now: number },
): void {
  db.query(
    `UPDATE deliveries SET state = 'dropped', finished_at = $now
     WHERE state = 'waiting' AND activity_id IN (SELECT id FROM activities
       WHERE account_id = $accountId AND source <> $except
         AND ($type IS NULL OR (type = $type AND post_id IS NULL)))`,
  ).run(what);
}

export type OldCreate = { id: number; source: string };

/** Creates of a post that have not arrived everywhere. */
export function findWaitingCreates(db: Database, postId: number): OldCreate[] {
  return db
    .query<OldCreate, { postId: number }>(
      `SELECT a.id, a.source FROM activities a WHERE a.post_id = $postId AND a.type = 'Create'
         AND EXISTS (SELECT 1 FROM deliveries d
           WHERE d.activity_id = a.id AND d.state = 'waiting')`,
    )
    .all({ postId });
}

/** Puts another Note into a Create that has not arrived everywhere. */
export function replaceNote(db: Database, id: number, note: string): void {
  db.query(
    `UPDATE activities SET body = json_set(body, '$.object', json($note)) WHERE id = $id`,
  ).run({ id, note });
}

/** Whether another job already used this id. */
export function isUsedId(db: Database, uri: string, source: string): boolean {
  return (
    db
      .query<{ id: number }, { uri: string; source: string }>(
        `SELECT id FROM activities WHERE uri = $uri
           AND source <> $source AND source NOT GLOB $source || '@*' LIMIT 1`,
      )
      .get({ uri, source }) !== null
  );
}

/** The id under which something was told last: its own, or that with what tells one time from the next. */
export function findLastId(db: Database, uri: string): string | null {
  const row = db
    .query<{ uri: string }, { uri: string; from: string; to: string }>(
      `SELECT uri FROM activities WHERE uri = $uri OR (uri > $from AND uri < $to)
       ORDER BY id DESC LIMIT 1`,
    )
    .get({ uri, from: `${uri}/`, to: `${uri}0` });
  return row?.uri ?? null;
}

/**
 * Every inbox that has a post as far as is known here: a Create or Update went there, and no Delete
 * since.
 */
export function listHolders(db: Database, postId: number): string[] {
  return db
    .query<{ inbox: string }, { postId: number }>(
      `SELECT inbox FROM (
         SELECT d.inbox, max(CASE WHEN a.type IN ('Create', 'Update') THEN a.id END) AS told,
           max(CASE WHEN a.type = 'Delete' THEN a.id END) AS taken
         FROM activities a JOIN deliveries d ON d.activity_id = a.id
         WHERE a.post_id = $postId AND a.type IN ('Create', 'Update', 'Delete')
         GROUP BY d.inbox)
       WHERE told > ifnull(taken, 0)
       UNION SELECT inbox FROM post_audience WHERE post_id = $postId`,
    )
    .all({ postId })
    .map(({ inbox }) => inbox);
}

/** Forgets where a post went. */
export function forgetAudience(db: Database, postId: number, inboxes: readonly string[]): void {
  db.query(
    `DELETE FROM post_audience
     WHERE post_id = $postId AND inbox IN (SELECT value FROM json_each($inboxes))`,
  ).run({ postId, inboxes: JSON.stringify(inboxes) });
}

/** Every inbox that anything of an account ever went to, as far as it is still known. */
export function listInboxesOfAccount(db: Database, accountId: number): string[] {
  return db
    .query<{ inbox: string }, { accountId: number }>(
      `SELECT DISTINCT d.inbox FROM activities a JOIN deliveries d ON d.activity_id = a.id
       WHERE a.account_id = $accountId`,
    )
    .all({ accountId })
    .map(({ inbox }) => inbox);
}
