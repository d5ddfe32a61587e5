import type { Database } from 'bun:sqlite';

export type CodePurpose = 'setup' | 'reset';
/** A one-time code; `accountId` is 0 for set-up, times are milliseconds. */
export type CodeRow = {
  purpose: CodePurpose;
  accountId: number;
  selector: string;
  codeHash: string;
  triesLeft: number;
  expiresAt: number;
};

const COLUMNS = `purpose, account_id AS accountId, selector, code_hash AS codeHash,
  tries_left AS triesLeft, expires_at AS expiresAt`;

/** The code of that purpose and account, even when it is over. */
export function findCode(db: Database, purpose: CodePurpose, accountId: number): CodeRow | null {
  return db
    .query<CodeRow, { purpose: string; accountId: number }>(
      `SELECT ${COLUMNS} FROM one_time_codes
       WHERE purpose = $purpose AND account_id = $accountId`,
    )
    .get({ purpose, accountId });
}

/** The code that the public part of a link names. */
export function findCodeBySelector(
  db: Database,
  purpose: CodePurpose,
  selector: string,
): CodeRow | null {
  return db
    .query<CodeRow, { purpose: string; selector: string }>(
      `SELECT ${COLUMNS} FROM one_time_codes WHERE purpose = $purpose AND selector = $selector`,
    )
    .get({ purpose, selector });
}

/** Stores a code; the one before it ends. */
export function replaceCode(db: Database, row: CodeRow & { now: number }): void {
  db.query(
    `INSERT OR REPLACE INTO one_time_codes
       (purpose, account_id, selector, code_hash, tries_left, expires_at, created_at)
     VALUES ($purpose, $accountId, $selector, $codeHash, $triesLeft, $expiresAt, $now)`,
  ).run(row);
}

/** Takes one try away. */
export function spendTry(db: Database, purpose: CodePurpose, accountId: number): void {
  db.query(
    `UPDATE one_time_codes SET tries_left = tries_left - 1
     WHERE purpose = $purpose AND account_id = $accountId AND tries_left > 0`,
  ).run({ purpose, accountId });
}

/** Ends a code. */
export function deleteCode(db: Database, purpose: CodePurpose, accountId: number): void {
  db.query('DELETE FROM one_time_codes WHERE purpose = $purpose AND account_id = $accountId').run({
    purpose,
    accountId,
  });
}

/** Removes codes that are over. */
export function deleteExpiredCodes(db: Database, now: number): void {
  db.query('DELETE FROM one_time_codes WHERE expires_at <= $now').run({ now });
}
