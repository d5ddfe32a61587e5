import type { Database } from 'bun:sqlite';
import { BunSQLiteAdapter } from '@lucia-auth/adapter-sqlite';
import { type Adapter, type DatabaseSession, Lucia, TimeSpan } from 'lucia';
import type { Context } from '#base/context.ts';
import { hashSecret, randomName } from '#base/core/secrets.ts';
import { writeIfPossible } from '#base/db/write-if-possible.ts';
import { emitLater } from '#domain/emit-live.ts';
import {
  deleteSession,
  deleteSessions,
  findSessionOwner,
  findSessions,
  type SessionInfo,
  touchSession,
  trimSessions,
} from './session-queries.ts';
import type { Role, Viewer } from './viewer.ts';

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof createLucia>;
    UserId: number;
    DatabaseUserAttributes: { username: string; role: Role | null; suspended_at: number | null };
    DatabaseSessionAttributes: {
      created_at: number;
      last_seen_at: number;
      user_agent: string;
      csrf: string;
    };
  }
}

/** How long a session lives without use; each use in its second half renews it. */
export const SESSION_DAYS = 60;
const SEEN_EVERY_MS = 10 * 60_000;
const MAX_SESSIONS = 50;

type SessionContext = Pick<Context, 'db' | 'now'>;
type EndContext = Pick<Context, 'db' | 'live'>;
const instances = new WeakMap<Database, ReturnType<typeof createLucia>>();

/** What a request's cookie stands for; `sessionId` is the stored hash, `fresh` asks for the cookie to be set again. */
export type SessionView = { viewer: Viewer; sessionId: string; csrf: string; fresh: boolean };

/** Starts a session; `id` goes into the cookie and is stored nowhere. */
export async function startSession(
  ctx: SessionContext & EndContext,
  accountId: number,
  userAgent: string,
): Promise<{ id: string; csrf: string }> {
  const id = randomName(20);
  const csrf = randomName(16);
  await lucia(ctx).createSession(
    accountId,
    {
      created_at: ctx.now(),
      last_seen_at: ctx.now(),
      user_agent: userAgent.slice(0, 300),
      csrf,
    },
    { sessionId: id },
  );
  tellEnded(ctx, accountId, trimSessions(ctx.db, accountId, MAX_SESSIONS));
  return { id, csrf };
}

/** Reads whom a cookie's id belongs to; null if it is unknown, over, or of a suspended account. */
export async function readSession(ctx: SessionContext, rawId: string): Promise<SessionView | null> {
  // No id of ours is longer; a cookie of a megabyte is not worth a hash.
  if (rawId === '' || rawId.length > 100) return null;
  const { session, user } = await lucia(ctx).validateSession(rawId);
  if (!session || user.role === null || user.suspendedAt !== null) return null;
  const sessionId = hashSecret(rawId);
  if (ctx.now() - session.lastSeenAt > SEEN_EVERY_MS) {
    writeIfPossible(() => touchSession(ctx.db, sessionId, ctx.now()));
  }
  const viewer = { id: user.id, username: user.username, role: user.role };
  return { viewer, sessionId, csrf: session.csrf, fresh: session.fresh };
}

/** The live sessions of an account, the last used first. */
export function listSessions(ctx: SessionContext, accountId: number): SessionInfo[] {
  return findSessions(ctx.db, accountId, ctx.now());
}

/** Ends one session of the viewer; false if it is not theirs or over already. */
export function endSession(ctx: EndContext, viewer: Viewer, hashedId: string): boolean {
  const ended = deleteSession(ctx.db, viewer.id, hashedId);
  if (ended) tellEnded(ctx, viewer.id, [hashedId]);
  return ended;
}

/** Ends every session of an account, but for the one whose stored id is `except`. */
export function endSessions(
  ctx: EndContext,
  accountId: number,
  options: { except?: string } = {},
): void {
  tellEnded(ctx, accountId, deleteSessions(ctx.db, accountId, options.except ?? ''));
}

function tellEnded(ctx: EndContext, accountId: number, ids: readonly string[]): void {
  for (const sessionId of ids) emitLater(ctx, 'session.ended', { accountId, sessionId });
}

function lucia(ctx: SessionContext) {
  const known = instances.get(ctx.db);
  if (known) return known;
  const made = createLucia(ctx);
  instances.set(ctx.db, made);
  return made;
}

function createLucia(ctx: SessionContext) {
  return new Lucia(hashedAdapter(ctx), {
    sessionExpiresIn: new TimeSpan(SESSION_DAYS, 'd'),
    getUserAttributes: (row) => ({
      username: row.username,
      role: row.role,
      suspendedAt: row.suspended_at,
    }),
    getSessionAttributes: (row) => ({ csrf: row.csrf, lastSeenAt: row.last_seen_at }),
  });
}

/**
 * Lucia's adapter with three twists: the table holds hashes of the ids, so a stolen database opens
 * no session; times move between the house's clock and `Date.now()`, which is all that Lucia knows;
 * and the hot question is one query instead of two that read whole accounts.
 */
function hashedAdapter(ctx: SessionContext): Adapter {
  // The adapter prepares at every call; the query cache makes that free. The plus keeps SQLite from
  // planning for the bound value, which in its join would mean preparing anew at every run.
  const unpeeked = (sql: string) => (sql.startsWith('SELECT') ? sql.replace('= ?', '= +?') : sql);
  const cached = { prepare: (sql: string) => ctx.db.query(unpeeked(sql)) } as unknown as Database;
  const stored = new BunSQLiteAdapter(cached, { user: 'accounts', session: 'sessions' });
  const toOurs = (date: Date) => new Date(date.getTime() + ctx.now() - Date.now());
  const toLucia = (date: Date) => new Date(date.getTime() + Date.now() - ctx.now());
  return {
    getSessionAndUser: async (id) => {
      const row = findSessionOwner(ctx.db, hashSecret(id));
      if (!row) return [null, null];
      const session: DatabaseSession = {
        id,
        userId: row.userId,
        expiresAt: toLucia(new Date(row.expiresAt * 1000)),
        attributes: {
          created_at: row.createdAt,
          last_seen_at: row.lastSeenAt,
          user_agent: row.userAgent,
          csrf: row.csrf,
        },
      };
      const { username, role, suspendedAt } = row;
      return [
        session,
        { id: row.userId, attributes: { username, role, suspended_at: suspendedAt } },
      ];
    },
    getUserSessions: async (userId) =>
      (await stored.getUserSessions(userId)).map((session) => ({
        ...session,
        expiresAt: toLucia(session.expiresAt),
      })),
    setSession: (session) =>
      stored.setSession({
        ...session,
        id: hashSecret(session.id),
        expiresAt: toOurs(session.expiresAt),
      }),
    updateSessionExpiration: async (id, expiresAt) => {
      const later = stored.updateSessionExpiration(hashSecret(id), toOurs(expiresAt));
      // Reading goes on where the disk takes nothing.
      await later.catch((error) =>
        writeIfPossible(() => {
          throw error;
        }),
      );
    },
    deleteSession: (id) => stored.deleteSession(hashSecret(id)),
    deleteUserSessions: (userId) => stored.deleteUserSessions(userId),
    deleteExpiredSessions: () => stored.deleteExpiredSessions(),
  };
}
