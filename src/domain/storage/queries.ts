import type { Database } from 'bun:sqlite';

export type BlobPurpose = 'original' | 'rendition' | 'offered' | 'avatar';

export type BlobRow = {
  name: string;
  accountId: number | null;
  purpose: BlobPurpose;
  mime: string;
  bytes: number;
  sha256: string;
  createdAt: number;
};

export type UsageRow = {
  accountId: number;
  originalBytes: number;
  renditionBytes: number;
  reservedBytes: number;
  quotaBytes: number | null;
};

export type UsageTotals = { originalBytes: number; renditionBytes: number; reservedBytes: number };

const usageColumns = `account_id AS accountId, original_bytes AS originalBytes,
  rendition_bytes AS renditionBytes, reserved_bytes AS reservedBytes, quota_bytes AS quotaBytes`;
const blobColumns = `name, account_id AS accountId, purpose, mime, bytes, sha256,
  created_at AS createdAt`;

/** What an account uses, or null as long as it never stored anything. */
export function findUsage(db: Database, accountId: number): UsageRow | null {
  return db
    .query<UsageRow, { accountId: number }>(
      `SELECT ${usageColumns} FROM usage WHERE account_id = $accountId`,
    )
    .get({ accountId });
}

/** What each of some accounts uses; accounts that never stored anything have no row. */
export function findUsages(db: Database, accountIds: readonly number[]): UsageRow[] {
  return db
    .query<UsageRow, { ids: string }>(
      `SELECT ${usageColumns} FROM usage WHERE account_id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(accountIds) });
}

/** What all accounts use together. */
export function sumUsage(db: Database): UsageTotals {
  return (
    db
      .query<UsageTotals, []>(
        `SELECT coalesce(sum(original_bytes), 0) AS originalBytes,
           coalesce(sum(rendition_bytes), 0) AS renditionBytes,
           coalesce(sum(reserved_bytes), 0) AS reservedBytes
         FROM usage`,
      )
      .get() ?? { originalBytes: 0, renditionBytes: 0, reservedBytes: 0 }
  );
}

/** Adds to (or takes from) what an account uses; bytes may be negative. */
export function addUsage(
  db: Database,
  change: { accountId: number; originals: number; renditions: number; reserved: number },
): void {
  db.query(
    `INSERT INTO usage (account_id, original_bytes, rendition_bytes, reserved_bytes)
     VALUES ($accountId, $originals, $renditions, $reserved)
     ON CONFLICT (account_id) DO UPDATE SET
       original_bytes = original_bytes + excluded.original_bytes,
       rendition_bytes = rendition_bytes + excluded.rendition_bytes,
       reserved_bytes = reserved_bytes + excluded.reserved_bytes`,
  ).run(change);
}

/** Gives one account a quota of its own (bytes, 0: no limit) or, with null, the common one. */
export function saveQuota(db: Database, accountId: number, quotaBytes: number | null): void {
  db.query(
    `INSERT INTO usage (account_id, quota_bytes) VALUES ($accountId, $quotaBytes)
     ON CONFLICT (account_id) DO UPDATE SET quota_bytes = excluded.quota_bytes`,
  ).run({ accountId, quotaBytes });
}

/** Notes that bytes are about to be stored. */
export function insertReservation(
  db: Database,
  reservation: { id: number; accountId: number; bytes: number; createdAt: number },
): void {
  db.query(
    `INSERT INTO reservations (id, account_id, bytes, created_at)
     VALUES ($id, $accountId, $bytes, $createdAt)`,
  ).run(reservation);
}

/** Forgets a reservation; null if it was gone already. */
export function deleteReservation(
  db: Database,
  id: number,
): { accountId: number; bytes: number } | null {
  return db
    .query<{ accountId: number; bytes: number }, { id: number }>(
      'DELETE FROM reservations WHERE id = $id RETURNING account_id AS accountId, bytes',
    )
    .get({ id });
}

/** Forgets every reservation and answers how many there were. */
export function deleteAllReservations(db: Database): number {
  db.query('UPDATE usage SET reserved_bytes = 0 WHERE reserved_bytes <> 0').run();
  return db.query('DELETE FROM reservations').run().changes;
}

/** Names a stored file. */
export function insertBlob(db: Database, blob: BlobRow): void {
  db.query(
    `INSERT INTO blobs (name, account_id, purpose, mime, bytes, sha256, created_at)
     VALUES ($name, $accountId, $purpose, $mime, $bytes, $sha256, $createdAt)`,
  ).run(blob);
}

/** One stored file by its name. */
export function findBlob(db: Database, name: string): BlobRow | null {
  return db
    .query<BlobRow, { name: string }>(`SELECT ${blobColumns} FROM blobs WHERE name = $name`)
    .get({ name });
}

/** Stored files after a name, in order of names: for walks over all of them. */
export function listBlobsAfter(db: Database, after: string, limit: number): BlobRow[] {
  return db
    .query<BlobRow, { after: string; limit: number }>(
      `SELECT ${blobColumns} FROM blobs WHERE name > $after ORDER BY name LIMIT $limit`,
    )
    .all({ after, limit });
}

/** Which of these names have a row. */
export function findKnownNames(db: Database, names: readonly string[]): Set<string> {
  const rows = db
    .query<{ name: string }, { names: string }>(
      'SELECT name FROM blobs WHERE name IN (SELECT value FROM json_each($names))',
    )
    .all({ names: JSON.stringify(names) });
  return new Set(rows.map((row) => row.name));
}

/** Takes rows of files away and answers what they were. */
export function deleteBlobs(db: Database, names: readonly string[]): BlobRow[] {
  return db
    .query<BlobRow, { names: string }>(
      `DELETE FROM blobs WHERE name IN (SELECT value FROM json_each($names))
       RETURNING ${blobColumns}`,
    )
    .all({ names: JSON.stringify(names) });
}

/** Notes files that must go from the disk once this transaction is committed. */
export function insertDoomed(db: Database, names: readonly string[], now: number): void {
  db.query(
    `INSERT OR IGNORE INTO doomed_files (name, created_at)
     SELECT value, $now FROM json_each($names)`,
  ).run({ names: JSON.stringify(names), now });
}

/** The next files after a name that must go from the disk. */
export function listDoomed(db: Database, limit: number, after = ''): string[] {
  return db
    .query<{ name: string }, { limit: number; after: string }>(
      'SELECT name FROM doomed_files WHERE name > $after ORDER BY name LIMIT $limit',
    )
    .all({ limit, after })
    .map((row) => row.name);
}

/** Forgets files that are gone from the disk. */
export function deleteDoomed(db: Database, names: readonly string[]): void {
  db.query('DELETE FROM doomed_files WHERE name IN (SELECT value FROM json_each($names))').run({
    names: JSON.stringify(names),
  });
}

/** Everybody who has a meter or owns a file. */
export function listStoringAccounts(db: Database): number[] {
  return db
    .query<{ accountId: number }, []>(
      `SELECT account_id AS accountId FROM usage
       UNION SELECT account_id FROM blobs WHERE account_id IS NOT NULL`,
    )
    .all()
    .map((row) => row.accountId);
}

/** What the rows of an account's files and reservations add up to. */
export function countUsage(db: Database, accountId: number): UsageTotals {
  return (
    db
      .query<UsageTotals, { accountId: number }>(
        `SELECT
           coalesce(sum(CASE WHEN purpose = 'original' THEN bytes ELSE 0 END), 0) AS originalBytes,
           coalesce(sum(CASE WHEN purpose = 'original' THEN 0 ELSE bytes END), 0) AS renditionBytes,
           (SELECT coalesce(sum(bytes), 0) FROM reservations WHERE account_id = $accountId)
             AS reservedBytes
         FROM blobs WHERE account_id = $accountId`,
      )
      .get({ accountId }) ?? { originalBytes: 0, renditionBytes: 0, reservedBytes: 0 }
  );
}

/** Sets what an account uses, whatever the meter said. */
export function setUsage(db: Database, accountId: number, totals: UsageTotals): void {
  db.query(
    `INSERT INTO usage (account_id, original_bytes, rendition_bytes, reserved_bytes)
     VALUES ($accountId, $originalBytes, $renditionBytes, $reservedBytes)
     ON CONFLICT (account_id) DO UPDATE SET
       original_bytes = excluded.original_bytes,
       rendition_bytes = excluded.rendition_bytes,
       reserved_bytes = excluded.reserved_bytes`,
  ).run({ accountId, ...totals });
}
