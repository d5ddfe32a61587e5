import type { Database } from 'bun:sqlite';

/** What the rules for domains need to know of a remote account. */
export type RemoteRow = {
  id: number;
  domain: string;
  uri: string | null;
  suspendedAt: number | null;
  cutAt: number | null;
  limited: number;
  /** 1: it follows somebody, or somebody follows it. */
  hasFollows: number;
};

/** The next remote accounts after an id, in order. */
export function listRemoteAfter(db: Database, after: number, limit: number): RemoteRow[] {
  return db
    .query<RemoteRow, { after: number; limit: number }>(
      `SELECT id, domain, uri, suspended_at AS suspendedAt, cut_at AS cutAt, limited,
         EXISTS (SELECT 1 FROM follows WHERE follower_id = accounts.id)
           OR EXISTS (SELECT 1 FROM follows WHERE followee_id = accounts.id) AS hasFollows
       FROM accounts WHERE domain IS NOT NULL AND id > $after ORDER BY id LIMIT $limit`,
    )
    .all({ after, limit });
}

/** Suspends an account because of its domain; one that is suspended already stays as it is. */
export function cutAccount(db: Database, id: number, now: number): void {
  db.query(
    `UPDATE accounts SET suspended_at = $now, cut_at = $now
     WHERE id = $id AND suspended_at IS NULL`,
  ).run({ id, now });
}

/** Ends what `cutAccount` did. */
export function uncutAccount(db: Database, id: number): void {
  db.query(
    'UPDATE accounts SET suspended_at = NULL, cut_at = NULL WHERE id = $id AND cut_at IS NOT NULL',
  ).run({ id });
}

/** Makes a suspension a moderator's own, which outlasts the rule of the domain. */
export function keepCut(db: Database, id: number): void {
  db.query('UPDATE accounts SET cut_at = NULL WHERE id = $id').run({ id });
}

/** Limits an account by the rule of its domain, or not any more; what a moderator said of it stays. */
export function limitByDomain(db: Database, id: number, isLimited: boolean): void {
  db.query('UPDATE accounts SET limited = (limited & 1) | $bit WHERE id = $id').run({
    id,
    bit: isLimited ? 2 : 0,
  });
}

/** Marks that a moderator keeps an account out of public lists (bit 1), or no longer does. */
export function limitByModerator(db: Database, id: number, isLimited: boolean): void {
  db.query('UPDATE accounts SET limited = (limited & 2) | $bit WHERE id = $id').run({
    id,
    bit: isLimited ? 1 : 0,
  });
}
