import type { Database } from 'bun:sqlite';
import type { Role } from './viewer.ts';

/** A session as its owner sees it; `id` is the stored hash, times in milliseconds. */
export type SessionInfo = {
  id: string;
  createdAt: number;
  lastSeenAt: number;
  userAgent: string;
};

/** A session with whose it is, in Lucia's words: `expiresAt` in seconds. */
export type SessionOwner = {
  userId: number;
  expiresAt: number;
  createdAt: number;
  lastSeenAt: number;
  userAgent: string;
  csrf: string;
  username: string;
  role: Role | null;
  suspendedAt: number | null;
};

/** The session with that stored id and whose it is, in one look: every request of a person asks this. */
export function findSessionOwner(db: Database, id: string): SessionOwner | null {
  return db
    .query<SessionOwner, { id: string }>(
      `SELECT user_id AS userId, expires_at AS expiresAt, sessions.created_at AS createdAt,
         last_seen_at AS lastSeenAt, user_agent AS userAgent, csrf, username, role,
         suspended_at AS suspendedAt
       FROM sessions JOIN accounts ON accounts.id = user_id WHERE sessions.id = $id`,
    )
    .get({ id });
}

/** The live sessions of an account, the last used one first. */
export function findSessions(db: Database, accountId: number, now: number): SessionInfo[] {
  return db
    .query<SessionInfo, { accountId: number; seconds: number }>(
      `SELECT id, created_at AS createdAt, last_seen_at AS lastSeenAt, user_agent AS userAgent
       FROM sessions WHERE user_id = $accountId AND expires_at > $seconds
       ORDER BY last_seen_at DESC, id`,
    )
    .all({ accountId, seconds: Math.floor(now / 1000) });
}

/** Notes that a session was used. */
export function touchSession(db: Database, id: string, now: number): void {
  db.query('UPDATE sessions SET last_seen_at = $now WHERE id = $id').run({ id, now });
}

/** Ends one session of an account; false if there was none. */
export function deleteSession(db: Database, accountId: number, id: string): boolean {
  return (
    db.query('DELETE FROM sessions WHERE id = $id AND user_id = $accountId').run({ id, accountId })
      .changes > 0
  );
}

/** Ends all sessions of an account but one (`''`: really all); answers which. */
export function deleteSessions(db: Database, accountId: number, except: string): string[] {
  return db
    .query<{ id: string }, { accountId: number; except: string }>(
      'DELETE FROM sessions WHERE user_id = $accountId AND id <> $except RETURNING id',
    )
    .all({ accountId, except })
    .map(({ id }) => id);
}

/** Keeps the newest sessions of an account, so that nobody fills the table by signing in again and again. */
export function trimSessions(db: Database, accountId: number, keep: number): string[] {
  return db
    .query<{ id: string }, { accountId: number; keep: number }>(
      `DELETE FROM sessions WHERE user_id = $accountId AND id NOT IN (
         SELECT id FROM sessions WHERE user_id = $accountId
         ORDER BY last_seen_at DESC, created_at DESC LIMIT $keep)
       RETURNING id`,
    )
    .all({ accountId, keep })
    .map(({ id }) => id);
}

/** Removes sessions that are over. */
export function deleteExpiredSessions(db: Database, now: number): void {
  db.query('DELETE FROM sessions WHERE expires_at <= $seconds').run({
    seconds: Math.floor(now / 1000),
  });
}
