import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';

export type HiddenDomainRow = { id: number; domain: string };

/** Stores that somebody hides a server; false if that is so already. */
export function insertHiddenDomain(
  db: Database,
  row: HiddenDomainRow & { accountId: number; now: number },
): boolean {
  const { changes } = db
    .query(
      `INSERT INTO hidden_domains (id, account_id, domain, created_at)
       VALUES ($id, $accountId, $domain, $now) ON CONFLICT DO NOTHING`,
    )
    .run(row);
  return changes > 0;
}

/** Forgets that; nothing happens if it was not so. */
export function deleteHiddenDomain(db: Database, accountId: number, domain: string): void {
  db.query('DELETE FROM hidden_domains WHERE account_id = $accountId AND domain = $domain').run({
    accountId,
    domain,
  });
}

/** True if somebody hides a server. */
export function isDomainHidden(db: Database, accountId: number, domain: string | null): boolean {
  if (domain === null) return false;
  return (
    db
      .query('SELECT 1 FROM hidden_domains WHERE account_id = $accountId AND domain = $domain')
      .get({ accountId, domain }) !== null
  );
}

/** How many servers somebody hides. */
export function countHiddenDomains(db: Database, accountId: number): number {
  const row = db
    .query<{ n: number }, { accountId: number }>(
      'SELECT count(*) AS n FROM hidden_domains WHERE account_id = $accountId',
    )
    .get({ accountId });
  return row?.n ?? 0;
}

/** The servers that somebody hides, the last hidden first. */
export function listHiddenDomains(db: Database, accountId: number, page: Page): HiddenDomainRow[] {
  const upwards = page.minId !== null;
  const rows = db
    .query<HiddenDomainRow, Record<string, number>>(
      `SELECT id, domain FROM hidden_domains
       WHERE account_id = $accountId AND id < $maxId AND id > $sinceId
       ORDER BY id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      accountId,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    });
  return upwards ? rows.reverse() : rows;
}

/** Who of a server follows somebody (or asks to), and whom there they follow (or asked to). */
export function listFollowsWithDomain(
  db: Database,
  accountId: number,
  domain: string,
): { followers: number[]; followees: number[] } {
  const ids = (own: string, other: string) =>
    db
      .query<{ id: number }, { accountId: number; domain: string }>(
        `SELECT f.${other} AS id FROM follows f JOIN accounts a ON a.id = f.${other}
         WHERE f.${own} = $accountId AND a.domain = $domain`,
      )
      .all({ accountId, domain })
      .map((row) => row.id);
  return {
    followers: ids('followee_id', 'follower_id'),
    followees: ids('follower_id', 'followee_id'),
  };
}
