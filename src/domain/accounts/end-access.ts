import type { Context } from '#base/context.ts';
import { hashSecret } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLater } from '#domain/emit-live.ts';
import { deleteAppToken, findAppToken } from './app-token-queries.ts';
import type { OauthApp } from './apps.ts';
import { deleteOauthCodes } from './oauth-code-queries.ts';
import { deleteToken, deleteTokens, findTokenByEither, findTokenIds } from './token-queries.ts';
import type { Viewer } from './viewer.ts';

type EndContext = Pick<Context, 'db' | 'live'>;

/** Ends every token of an account, and what apps were allowed and have not fetched; part of the caller's transaction. */
export function endTokens(ctx: EndContext, accountId: number): void {
  deleteOauthCodes(ctx.db, accountId, null);
  tellEnded(ctx, accountId, deleteTokens(ctx.db, accountId, null));
}

/** Tells whoever speaks by a token of a suspended account that it opens nothing; it works again when the account is restored. */
export function silenceTokens(ctx: EndContext, accountId: number): void {
  deleteOauthCodes(ctx.db, accountId, null);
  tellEnded(ctx, accountId, findTokenIds(ctx.db, accountId));
}

/** Takes all that the viewer allowed an app back; false if that was nothing. */
export function endAppAccess(ctx: EndContext, viewer: Viewer, appId: number): boolean {
  return transaction(ctx.db, () => {
    deleteOauthCodes(ctx.db, viewer.id, appId);
    const ended = deleteTokens(ctx.db, viewer.id, appId);
    tellEnded(ctx, viewer.id, ended);
    return ended.length > 0;
  });
}

/**
 * Ends a token by its own secret or by its refresh token, as its app asks (RFC 7009). An unknown one
 * counts as ended; false if it is not this app's.
 */
export function endOwnToken(ctx: EndContext, app: OauthApp, raw: string): boolean {
  if (raw === '' || raw.length > 200) return true;
  const hash = hashSecret(raw);
  const token = findTokenByEither(ctx.db, hash);
  if (token !== null) {
    if (token.appId !== app.id) return false;
    deleteToken(ctx.db, token.accountId, token.id);
    tellEnded(ctx, token.accountId, [token.id]);
    return true;
  }
  const own = findAppToken(ctx.db, hash);
  if (own !== null && own.appId !== app.id) return false;
  if (own !== null) deleteAppToken(ctx.db, hash);
  return true;
}

function tellEnded(ctx: EndContext, accountId: number, ids: readonly number[]): void {
  for (const tokenId of ids) emitLater(ctx, 'token.ended', { accountId, tokenId });
}
