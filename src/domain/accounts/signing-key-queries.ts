import type { Database } from 'bun:sqlite';

export type SigningKeyRow = { privatePem: string; publicPem: string };

/** The key of a local account, or of the instance (0); null while it has none. */
export function findSigningKey(db: Database, accountId: number): SigningKeyRow | null {
  return db
    .query<SigningKeyRow, { accountId: number }>(
      `SELECT private_pem AS privatePem, public_pem AS publicPem FROM signing_keys
       WHERE account_id = $accountId`,
    )
    .get({ accountId });
}

/** Keeps a new key; the first one stays if there are two. */
export function insertSigningKey(
  db: Database,
  row: SigningKeyRow & { accountId: number; now: number },
): void {
  db.query(
    `INSERT INTO signing_keys (account_id, private_pem, public_pem, created_at)
     VALUES ($accountId, $privatePem, $publicPem, $now) ON CONFLICT DO NOTHING`,
  ).run(row);
}

/** Forgets the key of an account that is gone, when nothing is signed with it any more. */
export function deleteSigningKey(db: Database, accountId: number): void {
  db.query('DELETE FROM signing_keys WHERE account_id = $accountId').run({ accountId });
}
