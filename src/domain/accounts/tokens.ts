import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hashSecret, randomName } from '#base/core/secrets.ts';
import { writeIfPossible } from '#base/db/write-if-possible.ts';
import { emitLater } from '#domain/emit-live.ts';
import { findAccount } from './queries.ts';
import { parseScopes } from './scopes.ts';
import type { TokenInfo } from './token-queries.ts';
import { deleteToken, findToken, findTokens, insertToken, touchToken } from './token-queries.ts';
import type { Viewer } from './viewer.ts';

const USED_EVERY_MS = 3_600_000;

/** Makes an access token for a script or an app; the answer is the only time that it is seen. */
export function createToken(
  ctx: Pick<Context, 'db' | 'now' | 'newId'>,
  accountId: number,
  name: string,
  scopes: string | readonly string[],
): string {
  const account = findAccount(ctx.db, accountId);
  if (!account || account.role === null) {
    throw new AppError('not_found', 'There is no such account here.');
  }
  const raw = randomName(32);
  insertToken(ctx.db, {
    id: ctx.newId(),
    tokenHash: hashSecret(raw),
    accountId,
    name: name.trim().slice(0, 100) || 'Token',
    scopes: parseScopes(scopes).join(' '),
    now: ctx.now(),
    appId: null,
    refreshHash: null,
    expiresAt: null,
  });
  return raw;
}

/** What a token opens; `appId` is null for one that was made by hand, `expiresAt` for one without end. */
export type TokenView = {
  viewer: Viewer;
  tokenId: number;
  scopes: string[];
  appId: number | null;
  expiresAt: number | null;
};

/** Reads whose token it is and what it may do; null if it is unknown, over, or its account suspended. */
export function readToken(ctx: Pick<Context, 'db' | 'now'>, raw: string): TokenView | null {
  if (raw === '' || raw.length > 200) return null;
  const token = findToken(ctx.db, hashSecret(raw));
  if (!token || (token.expiresAt !== null && token.expiresAt <= ctx.now())) return null;
  if (ctx.now() - (token.lastUsedAt ?? 0) > USED_EVERY_MS) {
    writeIfPossible(() => touchToken(ctx.db, token.id, ctx.now()));
  }
  return {
    viewer: { id: token.accountId, username: token.username, role: token.role },
    tokenId: token.id,
    scopes: token.scopes.split(' '),
    appId: token.appId,
    expiresAt: token.expiresAt,
  };
}

/** The tokens of an account that were made by hand, newest first, without the secret. */
export function listTokens(ctx: Pick<Context, 'db'>, accountId: number): TokenInfo[] {
  return findTokens(ctx.db, accountId);
}

/** Ends a token of the viewer; false if there is none. */
export function revokeToken(
  ctx: Pick<Context, 'db' | 'live'>,
  viewer: Viewer,
  tokenId: number,
): boolean {
  const ended = deleteToken(ctx.db, viewer.id, tokenId);
  if (ended) emitLater(ctx, 'token.ended', { accountId: viewer.id, tokenId });
  return ended;
}
