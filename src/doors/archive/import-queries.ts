import type { Database } from 'bun:sqlite';
import type { ImportFormat } from './import-item.ts';

export type ImportState =
  | 'uploading'
  | 'uploaded'
  | 'reading'
  | 'read'
  | 'importing'
  | 'paused'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'removing'
  | 'removed';
export type ItemOutcome = 'planned' | 'done' | 'skipped' | 'failed';

/** A row of `imports`; times in milliseconds. */
export type ImportRow = {
  id: number;
  accountId: number;
  format: ImportFormat | null;
  state: ImportState;
  file: string | null;
  bytes: number;
  fileName: string;
  options: string;
  found: string;
  done: number;
  total: number;
  detail: string | null;
  createdAt: number;
  changedAt: number;
  finishedAt: number | null;
};

/** A row of `import_items`. */
export type ItemRow = {
  position: number;
  kind: string;
  source: string;
  label: string;
  outcome: ItemOutcome;
  reason: string | null;
  planAt: number;
  planBytes: number;
  photos: string;
  postId: number | null;
};

const COLUMNS = `id, account_id AS accountId, format, state, file, bytes, file_name AS fileName,
  options, found, done, total, detail, created_at AS createdAt, changed_at AS changedAt,
  finished_at AS finishedAt`;
const ITEM = `position, kind, source, label, outcome, reason, plan_at AS planAt,
  plan_bytes AS planBytes, photos, post_id AS postId`;

/** One import, whoever asks. */
export function findImport(db: Database, id: number): ImportRow | null {
  return db
    .query<ImportRow, { id: number }>(`SELECT ${COLUMNS} FROM imports WHERE id = $id`)
    .get({ id });
}

/** The imports of an account, the newest first. */
export function listImports(db: Database, accountId: number, limit: number): ImportRow[] {
  return db
    .query<ImportRow, { accountId: number; limit: number }>(
      `SELECT ${COLUMNS} FROM imports WHERE account_id = $accountId ORDER BY id DESC LIMIT $limit`,
    )
    .all({ accountId, limit });
}

/** Imports that still have a file. */
export function listImportsWithFile(db: Database): ImportRow[] {
  return db.query<ImportRow, []>(`SELECT ${COLUMNS} FROM imports WHERE file IS NOT NULL`).all();
}

type NewImport = Pick<ImportRow, 'id' | 'accountId' | 'state' | 'file' | 'bytes' | 'fileName'> & {
  options: string;
  now: number;
};

/** Writes a new import. */
export function insertImport(db: Database, row: NewImport): void {
  db.query(
    `INSERT INTO imports (id, account_id, state, file, bytes, file_name, options, created_at,
       changed_at)
     VALUES ($id, $accountId, $state, $file, $bytes, $fileName, $options, $now, $now)`,
  ).run(row);
}

/** Changes the state of an import if it is in one of `from`; true if it was. */
export function moveImport(
  db: Database,
  id: number,
  from: readonly ImportState[],
  change: { state: ImportState; detail: string | null; now: number },
): boolean {
  const ends = ['done', 'failed', 'cancelled', 'removed'].includes(change.state);
  return (
    db
      .query(
        `UPDATE imports SET state = $state, detail = $detail, changed_at = $now,
           finished_at = iif($ends, $now, NULL)
         WHERE id = $id AND state IN (SELECT value FROM json_each($from))`,
      )
      .run({ id, from: JSON.stringify(from), ends: Number(ends), ...change }).changes > 0
  );
}

/** Writes what was found while reading. */
export function saveFound(
  db: Database,
  row: { id: number; format: ImportFormat; found: string; total: number; now: number },
): void {
  db.query(
    `UPDATE imports SET format = $format, found = $found, total = $total, done = 0,
       changed_at = $now WHERE id = $id`,
  ).run(row);
}

/** Keeps what the person chose. */
export function saveOptions(db: Database, id: number, options: string): void {
  db.query('UPDATE imports SET options = $options WHERE id = $id').run({ id, options });
}

/** Says what an archive is, before it is read. */
export function saveFormat(db: Database, id: number, format: ImportFormat): void {
  db.query('UPDATE imports SET format = $format WHERE id = $id').run({ id, format });
}

/** Forgets the file of an import, or gives it one. */
export function saveFile(db: Database, id: number, file: string | null): void {
  db.query('UPDATE imports SET file = $file WHERE id = $id').run({ id, file });
}

/** Says that something was done just now, and counts it. */
export function countDone(db: Database, id: number, change: number, now: number): void {
  db.query('UPDATE imports SET done = done + $change, changed_at = $now WHERE id = $id').run({
    ...{ id, change, now },
  });
}

/** Removes the report of an import, before it is read again. */
export function deleteItems(db: Database, importId: number): void {
  db.query('DELETE FROM import_items WHERE import_id = $importId').run({ importId });
}

/** Of all but the newest imports of an account, forgets every line but those of what was brought. */
export function dropOldReports(db: Database, accountId: number, newest: number): void {
  db.query(
    `DELETE FROM import_items WHERE outcome <> 'done' AND import_id IN
       (SELECT id FROM imports WHERE account_id = $accountId ORDER BY id DESC LIMIT -1 OFFSET $newest)`,
  ).run({ accountId, newest });
}

type NewItem = Omit<ItemRow, 'photos' | 'postId'> & { importId: number };

/** Writes lines of the report. */
export function insertItems(db: Database, rows: readonly NewItem[]): void {
  const insert = db.query(
    `INSERT INTO import_items (import_id, position, kind, source, label, outcome, reason, plan_at,
       plan_bytes)
     VALUES ($importId, $position, $kind, $source, $label, $outcome, $reason, $planAt, $planBytes)`,
  );
  for (const row of rows) insert.run(row);
}

/** The next thing to do after a position, by its kinds; null when all is done. */
export function findNextItem(
  db: Database,
  importId: number,
  kinds: readonly string[],
): ItemRow | null {
  return db
    .query<ItemRow, { importId: number; kinds: string }>(
      `SELECT ${ITEM} FROM import_items
       WHERE import_id = $importId AND outcome = 'planned'
         AND kind IN (SELECT value FROM json_each($kinds))
       ORDER BY position LIMIT 1`,
    )
    .get({ importId, kinds: JSON.stringify(kinds) });
}

/** Writes how an item ended. */
export function settleItem(
  db: Database,
  importId: number,
  item: Pick<ItemRow, 'position' | 'outcome' | 'reason' | 'postId'>,
): void {
  db.query(
    `UPDATE import_items SET outcome = $outcome, reason = $reason, post_id = $postId, photos = '[]'
     WHERE import_id = $importId AND position = $position`,
  ).run({ importId, ...item });
}

/** Settles all waiting items of these kinds at once. */
export function skipItems(
  db: Database,
  importId: number,
  kinds: readonly string[],
  reason: string,
): number {
  return db
    .query(
      `UPDATE import_items SET outcome = 'skipped', reason = $reason
       WHERE import_id = $importId AND outcome = 'planned'
         AND kind IN (SELECT value FROM json_each($kinds))`,
    )
    .run({ importId, kinds: JSON.stringify(kinds), reason }).changes;
}

/** Lets the items that failed, or were left out for a choice, wait again. */
export function planAgain(db: Database, importId: number, reasons: readonly string[]): number {
  return db
    .query(
      `UPDATE import_items SET outcome = 'planned', reason = NULL
       WHERE import_id = $importId AND kind <> 'other' AND (outcome = 'failed' OR (
         outcome = 'skipped' AND reason IN (SELECT value FROM json_each($reasons))))`,
    )
    .run({ importId, reasons: JSON.stringify(reasons) }).changes;
}

/** Remembers photos that are stored and wait for the others of their post. */
export function savePhotos(
  db: Database,
  importId: number,
  position: number,
  photos: readonly (number | null)[],
): void {
  db.query(
    `UPDATE import_items SET photos = $photos
     WHERE import_id = $importId AND position = $position`,
  ).run({ importId, position, photos: JSON.stringify(photos) });
}

/** How many items wait; the index alone tells. */
export function countWaiting(db: Database, importId: number): number {
  const sql = `SELECT count(*) AS n FROM import_items
    WHERE import_id = $importId AND outcome = 'planned'`;
  return db.query<{ n: number }, { importId: number }>(sql).get({ importId })?.n ?? 0;
}

export type ItemCount = {
  kind: string;
  outcome: ItemOutcome;
  reason: string | null;
  count: number;
};

/** How many of each kind ended how, and why. */
export function countItems(db: Database, importId: number): ItemCount[] {
  return db
    .query<ItemCount, { importId: number }>(
      `SELECT kind, outcome, iif(outcome IN ('skipped', 'failed'), reason, NULL) AS reason,
         count(*) AS count
       FROM import_items WHERE import_id = $importId
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC`,
    )
    .all({ importId });
}

/** Lines of the report after a position: all, or those that were not (wholly) taken. */
export function listItems(
  db: Database,
  importId: number,
  page: { after: number; limit: number; troubled: boolean },
): ItemRow[] {
  return db
    .query<ItemRow, { importId: number; after: number; limit: number; troubled: number }>(
      `SELECT ${ITEM} FROM import_items
       WHERE import_id = $importId AND position > $after
         AND ($troubled = 0 OR outcome = 'failed' OR reason IS NOT NULL)
       ORDER BY position LIMIT $limit`,
    )
    .all({ importId, ...page, troubled: Number(page.troubled) });
}

/** Items that brought something, the last first, for taking it away again. */
export function listBrought(db: Database, importId: number, limit: number): ItemRow[] {
  return db
    .query<ItemRow, { importId: number; limit: number }>(
      `SELECT ${ITEM} FROM import_items WHERE import_id = $importId AND outcome = 'done'
       ORDER BY position DESC LIMIT $limit`,
    )
    .all({ importId, limit });
}

/** Photos that wait for the others of their post, in an import that will not go on. */
export function listWaitingPhotos(db: Database, importId: number): number[] {
  return db
    .query<{ id: number }, { importId: number }>(
      `SELECT j.value AS id FROM import_items i, json_each(i.photos) j
       WHERE i.import_id = $importId AND i.photos <> '[]' AND j.value IS NOT NULL`,
    )
    .all({ importId })
    .map(({ id }) => id);
}
