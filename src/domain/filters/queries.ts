import type { Database } from 'bun:sqlite';

export const filterContexts = ['home', 'notifications', 'public', 'thread', 'account'] as const;
/** Where a filter counts. */
export type FilterContext = (typeof filterContexts)[number];
export type FilterAction = 'warn' | 'hide' | 'blur';

/** A filter of somebody; `contexts` is JSON, times milliseconds. */
export type FilterRow = {
  id: number;
  title: string;
  contexts: string;
  action: FilterAction;
  expiresAt: number | null;
};
export type KeywordRow = { id: number; filterId: number; keyword: string; wholeWord: number };
export type FilterPostRow = { id: number; filterId: number; postId: number };

const COLUMNS = 'id, title, contexts, action, expires_at AS expiresAt';

/** The filters of an account, oldest first. */
export function listFilterRows(db: Database, accountId: number): FilterRow[] {
  return db
    .query<FilterRow, { accountId: number }>(
      `SELECT ${COLUMNS} FROM filters WHERE account_id = $accountId ORDER BY id`,
    )
    .all({ accountId });
}

/** One filter of an account. */
export function findFilterRow(db: Database, accountId: number, id: number): FilterRow | null {
  return db
    .query<FilterRow, { accountId: number; id: number }>(
      `SELECT ${COLUMNS} FROM filters WHERE account_id = $accountId AND id = $id`,
    )
    .get({ accountId, id });
}

/** The words of all filters of an account. */
export function listKeywordRows(db: Database, accountId: number): KeywordRow[] {
  return db
    .query<KeywordRow, { accountId: number }>(
      `SELECT k.id, k.filter_id AS filterId, k.keyword, k.whole_word AS wholeWord
       FROM filters f JOIN filter_keywords k ON k.filter_id = f.id
       WHERE f.account_id = $accountId ORDER BY k.id`,
    )
    .all({ accountId });
}

/** The single posts in all filters of an account. */
export function listFilterPostRows(db: Database, accountId: number): FilterPostRow[] {
  return db
    .query<FilterPostRow, { accountId: number }>(
      `SELECT s.id, s.filter_id AS filterId, s.post_id AS postId
       FROM filters f JOIN filter_posts s ON s.filter_id = f.id
       WHERE f.account_id = $accountId ORDER BY s.id`,
    )
    .all({ accountId });
}

/** Writes a new filter. */
export function insertFilter(
  db: Database,
  row: FilterRow & { accountId: number; now: number },
): void {
  db.query(
    `INSERT INTO filters (id, account_id, title, contexts, action, expires_at, created_at)
     VALUES ($id, $accountId, $title, $contexts, $action, $expiresAt, $now)`,
  ).run(row);
}

/** Changes a filter. */
export function updateFilter(db: Database, row: FilterRow): void {
  db.query(
    `UPDATE filters SET title = $title, contexts = $contexts, action = $action,
       expires_at = $expiresAt WHERE id = $id`,
  ).run(row);
}

/** Removes a filter with its words. */
export function deleteFilterRow(db: Database, id: number): void {
  db.query('DELETE FROM filters WHERE id = $id').run({ id });
}

/** Writes a word of a filter. */
export function insertKeyword(db: Database, row: KeywordRow): void {
  db.query(
    `INSERT INTO filter_keywords (id, filter_id, keyword, whole_word)
     VALUES ($id, $filterId, $keyword, $wholeWord)`,
  ).run(row);
}

/** Changes a word of a filter. */
export function updateKeyword(
  db: Database,
  row: Pick<KeywordRow, 'id' | 'keyword' | 'wholeWord'>,
): void {
  db.query(
    'UPDATE filter_keywords SET keyword = $keyword, whole_word = $wholeWord WHERE id = $id',
  ).run(row);
}

/** Removes a word of a filter. */
export function deleteKeyword(db: Database, id: number): void {
  db.query('DELETE FROM filter_keywords WHERE id = $id').run({ id });
}

/** Puts a post into a filter; once, however often. */
export function insertFilterPost(db: Database, row: FilterPostRow): void {
  db.query(
    `INSERT INTO filter_posts (id, filter_id, post_id) VALUES ($id, $filterId, $postId)
     ON CONFLICT DO NOTHING`,
  ).run(row);
}

/** Takes a post out of a filter. */
export function deleteFilterPost(db: Database, id: number): void {
  db.query('DELETE FROM filter_posts WHERE id = $id').run({ id });
}
