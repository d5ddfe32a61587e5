import type { Database } from 'bun:sqlite';

export type RemoteKeyRow = {
  id: string;
  accountId: number;
  /** The actor's id. */
  owner: string;
  pem: string;
  fetchedAt: number;
};

/** The public key of that id, if it was ever read, with whose it is. */
export function findRemoteKey(db: Database, id: string): RemoteKeyRow | null {
  return db
    .query<RemoteKeyRow, { id: string }>(
      `SELECT remote_keys.id, account_id AS accountId, accounts.uri AS owner, pem,
         remote_keys.fetched_at AS fetchedAt
       FROM remote_keys JOIN accounts ON accounts.id = account_id
       WHERE remote_keys.id = $id AND accounts.uri IS NOT NULL`,
    )
    .get({ id });
}
