import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hashSecret, randomName } from '#base/core/secrets.ts';
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
  });
  return raw;
}

/** Reads whose token it is and what it may do; null if it is unknown or its account suspended. */
export function readToken(
  ctx: Pick<Context, 'db' | 'now'>,
  raw: string,
): { viewer: Viewer; tokenId: number; scopes: string[] } | null {
  if (raw === '' || raw.length > 200) return null;
  const token = findToken(ctx.db, hashSecret(raw));
  if (!token) return null;
  if (ctx.now() - (token.lastUsedAt ?? 0) > USED_EVERY_MS) touchToken(ctx.db, token.id, ctx.now());
  return {
    viewer: { id: token.accountId, username: token.username, role: token.role },
    tokenId: token.id,
    scopes: token.scopes.split(' '),
  };
}

/** The tokens of an account, newest first, without the secret. */
export function listTokens(ctx: Pick<Context, 'db'>, accountId: number): TokenInfo[] {
  return findTokens(ctx.db, accountId);
}

/** Ends a token of the viewer; false if there is none. */
export function revokeToken(ctx: Pick<Context, 'db'>, viewer: Viewer, tokenId: number): boolean {
  return deleteToken(ctx.db, viewer.id, tokenId);
}
