import type { Database } from 'bun:sqlite';

/** What signing in needs to know; `accountId` belongs to a local account. */
export type LoginRow = { accountId: number; email: string; passwordHash: string };

const COLUMNS = 'account_id AS accountId, email, password_hash AS passwordHash';

/** The login of an account. */
export function findLogin(db: Database, accountId: number): LoginRow | null {
  return db
    .query<LoginRow, { accountId: number }>(
      `SELECT ${COLUMNS} FROM logins WHERE account_id = $accountId`,
    )
    .get({ accountId });
}

/** The login with that address, upper and lower case alike. */
export function findLoginByEmail(db: Database, email: string): LoginRow | null {
  return db
    .query<LoginRow, { email: string }>(
      `SELECT ${COLUMNS} FROM logins WHERE lower(email) = lower($email)`,
    )
    .get({ email });
}

/** The login of the local account of that name. */
export function findLoginByUsername(db: Database, username: string): LoginRow | null {
  return db
    .query<LoginRow, { username: string }>(
      `SELECT ${COLUMNS} FROM logins WHERE account_id = (
         SELECT id FROM accounts
         WHERE lower(username) = lower($username) AND ifnull(lower(domain), '') = '')`,
    )
    .get({ username });
}

/** Writes the login of a new account. */
export function insertLogin(db: Database, row: LoginRow & { now: number }): void {
  db.query(
    `INSERT INTO logins (account_id, email, password_hash, password_changed_at)
     VALUES ($accountId, $email, $passwordHash, $now)`,
  ).run(row);
}

/** Stores the hash of a new password. */
export function updatePassword(
  db: Database,
  row: { accountId: number; passwordHash: string; now: number },
): void {
  db.query(
    `UPDATE logins SET password_hash = $passwordHash, password_changed_at = $now
     WHERE account_id = $accountId`,
  ).run(row);
}

/** Stores a new address. */
export function updateEmail(db: Database, accountId: number, email: string): void {
  db.query('UPDATE logins SET email = $email WHERE account_id = $accountId').run({
    accountId,
    email,
  });
}

/** The addresses of those who look after this place; of suspended ones none. */
export function listAdminEmails(db: Database): string[] {
  return db
    .query<{ email: string }, []>(
      `SELECT l.email FROM accounts a JOIN logins l ON l.account_id = a.id
       WHERE a.role IN ('owner', 'admin') AND a.suspended_at IS NULL AND l.email <> ''
       ORDER BY a.id`,
    )
    .all()
    .map((row) => row.email);
}
