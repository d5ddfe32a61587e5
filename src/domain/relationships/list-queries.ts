import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';

export const repliesPolicies = ['followed', 'list', 'none'] as const;
/** Which comments a list shows: to anybody its owner follows, to its own people, none. */
export type RepliesPolicy = (typeof repliesPolicies)[number];

/** A list of people; `exclusive` 1: they are not in the home timeline. */
export type ListRow = {
  id: number;
  title: string;
  repliesPolicy: RepliesPolicy;
  exclusive: number;
};

const COLUMNS = 'id, title, replies_policy AS repliesPolicy, exclusive';

/** Somebody's lists, the oldest first. */
export function findLists(db: Database, accountId: number): ListRow[] {
  return db
    .query<ListRow, { accountId: number }>(
      `SELECT ${COLUMNS} FROM lists WHERE account_id = $accountId ORDER BY id`,
    )
    .all({ accountId });
}

/** One list of somebody's own; null for those of others. */
export function findList(db: Database, accountId: number, id: number): ListRow | null {
  return db
    .query<ListRow, { accountId: number; id: number }>(
      `SELECT ${COLUMNS} FROM lists WHERE id = $id AND account_id = $accountId`,
    )
    .get({ accountId, id });
}

/** Somebody's lists that an account is on. */
export function findListsWith(db: Database, accountId: number, memberId: number): ListRow[] {
  return db
    .query<ListRow, { accountId: number; memberId: number }>(
      `SELECT ${COLUMNS} FROM lists WHERE account_id = $accountId
         AND id IN (SELECT list_id FROM list_accounts WHERE account_id = $memberId) ORDER BY id`,
    )
    .all({ accountId, memberId });
}

/** Stores a new list. */
export function insertList(db: Database, row: ListRow & { accountId: number; now: number }): void {
  db.query(
    `INSERT INTO lists (id, account_id, title, replies_policy, exclusive, created_at)
     VALUES ($id, $accountId, $title, $repliesPolicy, $exclusive, $now)`,
  ).run(row);
}

/** Changes a list. */
export function updateList(db: Database, row: ListRow): void {
  db.query(
    `UPDATE lists SET title = $title, replies_policy = $repliesPolicy, exclusive = $exclusive
     WHERE id = $id`,
  ).run(row);
}

/** Removes a list of somebody's own; false if there is none. */
export function deleteList(db: Database, accountId: number, id: number): boolean {
  const { changes } = db
    .query('DELETE FROM lists WHERE id = $id AND account_id = $accountId')
    .run({ accountId, id });
  return changes > 0;
}

/** Those of the accounts that somebody follows, has asked to follow, or is. */
export function findListable(db: Database, accountId: number, ids: readonly number[]): number[] {
  return db
    .query<{ id: number }, { accountId: number; ids: string }>(
      `SELECT j.value AS id FROM json_each($ids) j WHERE j.value = $accountId OR EXISTS (
         SELECT 1 FROM follows WHERE follower_id = $accountId AND followee_id = j.value)`,
    )
    .all({ accountId, ids: JSON.stringify(ids) })
    .map((row) => row.id);
}

/** Puts accounts on a list; those that are on it stay. */
export function insertListAccounts(db: Database, listId: number, ids: readonly number[]): void {
  db.query(
    `INSERT INTO list_accounts (list_id, account_id)
     SELECT $listId, value FROM json_each($ids) WHERE true ON CONFLICT DO NOTHING`,
  ).run({ listId, ids: JSON.stringify(ids) });
}

/** Takes accounts off a list. */
export function deleteListAccounts(db: Database, listId: number, ids: readonly number[]): void {
  db.query(
    `DELETE FROM list_accounts
     WHERE list_id = $listId AND account_id IN (SELECT value FROM json_each($ids))`,
  ).run({ listId, ids: JSON.stringify(ids) });
}

/** Takes an account off all lists of somebody who follows it no more. */
export function leaveLists(db: Database, ownerId: number, memberId: number): void {
  db.query(
    `DELETE FROM list_accounts WHERE account_id = $memberId
       AND list_id IN (SELECT id FROM lists WHERE account_id = $ownerId)`,
  ).run({ ownerId, memberId });
}

/** How many lists somebody has. */
export function countLists(db: Database, accountId: number): number {
  const row = db
    .query<{ n: number }, { accountId: number }>(
      'SELECT count(*) AS n FROM lists WHERE account_id = $accountId',
    )
    .get({ accountId });
  return row?.n ?? 0;
}

/** Ids of the people on a list that can be seen; paged by account id, the newest account first. */
export function listMemberIds(db: Database, listId: number, page: Page): number[] {
  const upwards = page.minId !== null;
  const ids = db
    .query<{ id: number }, Record<string, number>>(
      `SELECT la.account_id AS id FROM list_accounts la JOIN accounts a ON a.id = la.account_id
       WHERE la.list_id = $listId AND a.suspended_at IS NULL AND a.deletion_at IS NULL
         AND la.account_id < $maxId AND la.account_id > $sinceId
       ORDER BY la.account_id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      listId,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    })
    .map((row) => row.id);
  return upwards ? ids.reverse() : ids;
}
