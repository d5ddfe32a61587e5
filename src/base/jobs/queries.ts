import type { Database } from 'bun:sqlite';

export type JobRow = {
  id: number;
  kind: string;
  payload: string;
  uniqueKey: string | null;
  state: 'waiting' | 'running' | 'dead';
  runAt: number;
  attempts: number;
  claimedAt: number | null;
  lastError: string | null;
  createdAt: number;
};

const COLUMNS = `id, kind, payload, unique_key AS uniqueKey, state, run_at AS runAt, attempts,
  claimed_at AS claimedAt, last_error AS lastError, created_at AS createdAt`;

/** Writes a waiting job; false if one of its kind with the same key waits already. */
export function insertJob(
  db: Database,
  job: {
    id: number;
    kind: string;
    payload: string;
    uniqueKey: string | null;
    runAt: number;
    now: number;
  },
): boolean {
  const written = db
    .query(
      `INSERT INTO jobs (id, kind, payload, unique_key, run_at, created_at)
       VALUES ($id, $kind, $payload, $uniqueKey, $runAt, $now)
       ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL AND state = 'waiting' DO NOTHING`,
    )
    .run(job);
  return written.changes > 0;
}

/** Makes the job that waits under a key run at the given time if that is earlier. */
export function hastenJob(db: Database, kind: string, uniqueKey: string, runAt: number): void {
  db.query(
    `UPDATE jobs SET run_at = $runAt
     WHERE kind = $kind AND unique_key = $uniqueKey AND state = 'waiting' AND run_at > $runAt`,
  ).run({ kind, uniqueKey, runAt });
}

/** Takes up to `limit` due jobs of a kind, the longest due first: running, one attempt more. */
export function claimJobs(db: Database, kind: string, limit: number, now: number): JobRow[] {
  return db
    .query<JobRow, { kind: string; limit: number; now: number }>(
      `UPDATE jobs SET state = 'running', claimed_at = $now, attempts = attempts + 1
       WHERE id IN (SELECT id FROM jobs WHERE state = 'waiting' AND kind = $kind AND run_at <= $now
                    ORDER BY run_at, id LIMIT $limit)
       RETURNING ${COLUMNS}`,
    )
    .all({ kind, limit, now });
}

/** When the next waiting job of a kind is due; null if none waits. */
export function findNextDue(db: Database, kind: string): number | null {
  const row = db
    .query<{ runAt: number }, { kind: string }>(
      `SELECT run_at AS runAt FROM jobs WHERE state = 'waiting' AND kind = $kind
       ORDER BY run_at LIMIT 1`,
    )
    .get({ kind });
  return row?.runAt ?? null;
}

type Claim = { id: number; claimedAt: number };

/** Forgets a job that is done, unless somebody else has claimed it meanwhile. */
export function deleteClaimed(db: Database, claim: Claim): void {
  db.query(`DELETE FROM jobs WHERE id = $id AND state = 'running' AND claimed_at = $claimedAt`).run(
    { id: claim.id, claimedAt: claim.claimedAt },
  );
}

/** Lets a claimed job wait for another try. If its key waits already, that one does the work. */
export function releaseClaimed(
  db: Database,
  claim: Claim & { runAt: number; lastError: string | null; attempts: number },
): void {
  const { id, claimedAt, runAt, lastError, attempts } = claim;
  db.query(
    `UPDATE OR IGNORE jobs SET state = 'waiting', run_at = $runAt, last_error = $lastError,
       attempts = $attempts, claimed_at = NULL
     WHERE id = $id AND state = 'running' AND claimed_at = $claimedAt`,
  ).run({ id, claimedAt, runAt, lastError, attempts });
  deleteClaimed(db, claim);
}

/** Puts a claimed job aside for a person to look at. */
export function buryClaimed(db: Database, claim: Claim & { lastError: string }): void {
  db.query(
    `UPDATE jobs SET state = 'dead', last_error = $lastError, claimed_at = NULL
     WHERE id = $id AND state = 'running' AND claimed_at = $claimedAt`,
  ).run({ id: claim.id, claimedAt: claim.claimedAt, lastError: claim.lastError });
}

/** After a crash: what ran waits again, due at once. Gives how many. */
export function recoverJobs(db: Database, now: number): number {
  const { changes } = db
    .query(
      `UPDATE OR IGNORE jobs SET state = 'waiting', run_at = $now, claimed_at = NULL
       WHERE state = 'running'`,
    )
    .run({ now });
  // Only twins of a job that waits under the same key are left.
  db.query(`DELETE FROM jobs WHERE state = 'running'`).run();
  return changes;
}

/** Jobs for a person to look at, the newest first. */
export function findJobs(
  db: Database,
  filter: { state: string | null; kind: string | null; limit: number },
): JobRow[] {
  return db
    .query<JobRow, { state: string | null; kind: string | null; limit: number }>(
      `SELECT ${COLUMNS} FROM jobs
       WHERE ($state IS NULL OR state = $state) AND ($kind IS NULL OR kind = $kind)
       ORDER BY id DESC LIMIT $limit`,
    )
    .all(filter);
}

/** How many jobs of each kind are in each state. */
export function countJobs(db: Database): { kind: string; state: string; count: number }[] {
  return db
    .query<{ kind: string; state: string; count: number }, []>(
      'SELECT kind, state, count(*) AS count FROM jobs GROUP BY kind, state ORDER BY kind, state',
    )
    .all();
}

/** Dead jobs (all, of a kind, or one by its id) wait again with fresh attempts. Gives how many. */
export function reviveJobs(
  db: Database,
  which: { id: number | null; kind: string | null; now: number },
): number {
  const { changes } = db
    .query(
      `UPDATE OR IGNORE jobs SET state = 'waiting', attempts = 0, run_at = $now
       WHERE state = 'dead' AND ($id IS NULL OR id = $id) AND ($kind IS NULL OR kind = $kind)`,
    )
    .run(which);
  return changes;
}
