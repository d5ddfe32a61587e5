import type { Database } from 'bun:sqlite';

export type ClosingPerson = {
  username: string;
  displayName: string;
  archive: 'waiting' | 'running' | 'done' | 'failed' | null;
  movedTo: string | null;
};

/** Members with the newest archive that was asked for since a moment (milliseconds), and where they moved. */
export function listClosingPeople(db: Database, since: number, limit: number): ClosingPerson[] {
  return db
    .query<ClosingPerson, { since: number; limit: number }>(
      `SELECT a.username, a.display_name AS displayName,
         (SELECT e.state FROM exports e WHERE e.account_id = a.id AND e.created_at >= $since
          ORDER BY e.id DESC LIMIT 1) AS archive,
         (SELECT m.username || ifnull('@' || m.domain, '') FROM accounts m
          WHERE m.id = a.moved_to_id) AS movedTo
       FROM accounts a WHERE a.domain IS NULL AND a.suspended_at IS NULL
       ORDER BY a.id LIMIT $limit`,
    )
    .all({ since, limit });
}

/** The newest archive that somebody asked for: how far it is, and when it was done (milliseconds). */
export function findNewestArchive(
  db: Database,
  accountId: number,
): { state: 'waiting' | 'running' | 'done' | 'failed'; finishedAt: number | null } | null {
  return db
    .query<
      { state: 'waiting' | 'running' | 'done' | 'failed'; finishedAt: number | null },
      { accountId: number }
    >(
      `SELECT state, finished_at AS finishedAt FROM exports WHERE account_id = $accountId
       ORDER BY id DESC LIMIT 1`,
    )
    .get({ accountId });
}
