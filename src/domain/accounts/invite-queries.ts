import type { Database } from 'bun:sqlite';

export type InviteInfo = {
  id: number;
  note: string;
  usesLeft: number;
  /** Milliseconds; null: no end. */
  expiresAt: number | null;
  createdAt: number;
  /** null: made at the command line. */
  createdBy: string | null;
};

const SELECT = `SELECT invites.id, note, uses_left AS usesLeft, expires_at AS expiresAt,
  invites.created_at AS createdAt, username AS createdBy
  FROM invites LEFT JOIN accounts ON accounts.id = created_by`;
const OPEN = 'uses_left > 0 AND (expires_at IS NULL OR expires_at > $now)';

/** Stores the hash of a new invite. */
export function insertInvite(
  db: Database,
  row: {
    id: number;
    tokenHash: string;
    createdBy: number | null;
    note: string;
    usesLeft: number;
    expiresAt: number | null;
    now: number;
  },
): void {
  db.query(
    `INSERT INTO invites (id, token_hash, created_by, note, uses_left, expires_at, created_at)
     VALUES ($id, $tokenHash, $createdBy, $note, $usesLeft, $expiresAt, $now)`,
  ).run(row);
}

/** The invite with that hash, if somebody can still join with it. */
export function findOpenInvite(db: Database, tokenHash: string, now: number): InviteInfo | null {
  return db
    .query<InviteInfo, { tokenHash: string; now: number }>(
      `${SELECT} WHERE token_hash = $tokenHash AND ${OPEN}`,
    )
    .get({ tokenHash, now });
}

/** Invites that somebody can still join with, newest first. */
export function findOpenInvites(db: Database, now: number): InviteInfo[] {
  return db
    .query<InviteInfo, { now: number }>(`${SELECT} WHERE ${OPEN} ORDER BY invites.id DESC`)
    .all({ now });
}

/** Takes one place of an invite; false if none is left. Belongs into the transaction that makes the account. */
export function takePlace(db: Database, tokenHash: string, now: number): boolean {
  return (
    db
      .query(
        `UPDATE invites SET uses_left = uses_left - 1 WHERE token_hash = $tokenHash AND ${OPEN}`,
      )
      .run({ tokenHash, now }).changes === 1
  );
}

/** Takes an invite back; false if there is none. */
export function deleteInvite(db: Database, id: number): boolean {
  return db.query('DELETE FROM invites WHERE id = $id').run({ id }).changes > 0;
}

/** Removes invites that nobody can use any more. */
export function deleteSpentInvites(db: Database, now: number): void {
  db.query(`DELETE FROM invites WHERE NOT (${OPEN})`).run({ now });
}
